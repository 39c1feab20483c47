"""What people submit about frameworks, and the sentences that tell what is wrong with one."""

from reseda.competencies.forms.faults import COLUMNS, sentence
from reseda.competencies.forms.frameworks import (
    AboutForm,
    FrameworkForm,
    ItemForm,
    PlaceForm,
    TitleForm,
)

__all__ = [
    "COLUMNS",
    "AboutForm",
    "FrameworkForm",
    "ItemForm",
    "PlaceForm",
    "TitleForm",
    "sentence",
]
