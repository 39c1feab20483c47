"""How a recognition file moves: one table, from a state and an act to the next state."""

from collections.abc import Mapping
from typing import Final, Literal

State = Literal["draft", "submitted", "complement", "assessed", "decided", "withdrawn"]
Act = Literal["edit", "submit", "withdraw", "rate", "conclude", "ask_complement", "plan", "decide"]

TRANSITIONS: Final[Mapping[Act, Mapping[State, State]]] = {
    "edit": {"draft": "draft", "complement": "complement"},
    "submit": {"draft": "submitted", "complement": "submitted"},
    "withdraw": {
        "draft": "withdrawn",
        "submitted": "withdrawn",
        "complement": "withdrawn",
        "assessed": "withdrawn",
    },
    "rate": {"submitted": "submitted"},
    "conclude": {"submitted": "assessed"},
    "ask_complement": {"submitted": "complement", "assessed": "complement"},
    "plan": {"submitted": "submitted", "complement": "complement", "assessed": "assessed"},
    "decide": {"assessed": "decided"},
}

# Nothing leaves these states: what a jury decided, what a student took back.
FINAL: Final[frozenset[State]] = frozenset({"decided", "withdrawn"})


class RefusedTransition(Exception):
    """An act that a file does not admit in its state; `code` and `facts` say which and why."""

    def __init__(self, state: str, act: str) -> None:
        super().__init__(f"{act} in {state}")
        self.code = "file_is_final" if state in FINAL else "not_in_this_state"
        self.facts = {"state": state, "act": act}


def is_possible(state: str, act: Act) -> bool:
    """Tell whether a file in this state admits this act."""
    return state in TRANSITIONS[act]


def after(state: str, act: Act) -> State:
    """Return the state that follows, or raise `RefusedTransition`."""
    for before, following in TRANSITIONS[act].items():
        if before == state:
            return following
    raise RefusedTransition(state, act)
