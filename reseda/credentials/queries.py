"""What is read of credentials."""

from reseda.people.policy import Viewer
from reseda.ui.domain.parts import Todo


def todo(viewer: Viewer) -> list[Todo]:
    """Return what awaits the viewer in credentials."""
    return []
