"""What people submit in recognition."""

from reseda.recognition.forms.jury import AssessmentForm, ComplementForm, VerdictForm
from reseda.recognition.forms.school import PublishForm, RegulationForm, SessionForm, YearForm
from reseda.recognition.forms.student import EvidenceForm, FileForm

__all__ = [
    "AssessmentForm",
    "ComplementForm",
    "EvidenceForm",
    "FileForm",
    "PublishForm",
    "RegulationForm",
    "SessionForm",
    "VerdictForm",
    "YearForm",
]
