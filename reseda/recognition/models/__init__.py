"""What recognition stores: regulations, evidence, files, assessments, juries, decisions."""

from reseda.recognition.models.evidence import Evidence, EvidenceAbility, EvidenceItem
from reseda.recognition.models.file import (
    Assessment,
    ComplementRequest,
    FileActivity,
    FileEvidence,
    RecognitionFile,
    SelfPosition,
)
from reseda.recognition.models.jury import ActivityUse, Decision, DecisionLevel, JurySession
from reseda.recognition.models.regulation import Form, Regulation

__all__ = [
    "ActivityUse",
    "Assessment",
    "ComplementRequest",
    "Decision",
    "DecisionLevel",
    "Evidence",
    "EvidenceAbility",
    "EvidenceItem",
    "FileActivity",
    "FileEvidence",
    "Form",
    "JurySession",
    "RecognitionFile",
    "Regulation",
    "SelfPosition",
]
