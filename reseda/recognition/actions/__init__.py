"""What is done in recognition."""

from reseda.recognition.actions.assessments import Given, ask_complement, conclude, rate
from reseda.recognition.actions.evidence import Told, add, delete, restore, revise
from reseda.recognition.actions.files import compose, consult, open_file, submit, withdraw
from reseda.recognition.actions.juries import (
    Verdict,
    change_session,
    decide,
    open_session,
    plan,
    unplan,
)
from reseda.recognition.actions.regulations import Terms

__all__ = [
    "Given",
    "Terms",
    "Told",
    "Verdict",
    "add",
    "ask_complement",
    "change_session",
    "compose",
    "conclude",
    "consult",
    "decide",
    "delete",
    "open_file",
    "open_session",
    "plan",
    "rate",
    "restore",
    "revise",
    "submit",
    "unplan",
    "withdraw",
]
