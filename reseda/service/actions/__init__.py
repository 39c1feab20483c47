"""What is done in service: engagements declared and disclosed, periods entered, units answering."""

from reseda.service.actions.engagement import (
    acknowledge,
    consult,
    declare,
    disclose,
    edit,
    end,
    undo,
)
from reseda.service.actions.period import (
    Details,
    add_period,
    ask_attestation,
    ask_confirmation,
    cancel_period,
    edit_period,
    undo_period,
)
from reseda.service.actions.unit import Answered, attest, confirm, decline
from reseda.service.domain.rules import Declaration, Statement

__all__ = [
    "Answered",
    "Declaration",
    "Details",
    "Statement",
    "acknowledge",
    "add_period",
    "ask_attestation",
    "ask_confirmation",
    "attest",
    "cancel_period",
    "confirm",
    "consult",
    "declare",
    "decline",
    "disclose",
    "edit",
    "edit_period",
    "end",
    "undo",
    "undo_period",
]
