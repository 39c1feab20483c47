"""How files leave the site, and how it fetches from others."""

from reseda.documents.domain.addresses import Unfetchable
from reseda.documents.http.download import download
from reseda.documents.http.fetch import Fetched, fetch

__all__ = ["Fetched", "Unfetchable", "download", "fetch"]
