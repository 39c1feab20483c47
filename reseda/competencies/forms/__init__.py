"""What people submit about frameworks, and the sentences that tell what is wrong with one."""

from reseda.competencies.forms.exchange import COLUMNS, FAULTS, ImportForm, refusal, sentence
from reseda.competencies.forms.frameworks import (
    AboutForm,
    FrameworkForm,
    ItemForm,
    PlaceForm,
    TitleForm,
)

__all__ = [
    "COLUMNS",
    "FAULTS",
    "AboutForm",
    "FrameworkForm",
    "ImportForm",
    "ItemForm",
    "PlaceForm",
    "TitleForm",
    "refusal",
    "sentence",
]
