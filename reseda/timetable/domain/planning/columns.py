"""Whole legal plans of single people: the columns of the master problem."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reseda.timetable.domain.planning.normal import Flags, Floats, Ints


@dataclass(frozen=True)
class Columns:
    """Plans side by side: the case each is for, the offers it grants, its value."""

    case: Ints
    chosen: Flags
    value: Floats

    def __len__(self) -> int:
        return len(self.case)

    def at(self, rows: Ints | NDArray[np.bool_]) -> "Columns":
        """Keep some of the plans."""
        return Columns(self.case[rows], self.chosen[rows], self.value[rows])


def joined(parts: Sequence[Columns], offers: int) -> Columns:
    """Put lists of plans end to end."""
    if not parts:
        return Columns(np.empty(0, np.int64), np.empty((0, offers), np.bool_), np.empty(0))
    return Columns(
        np.concatenate([part.case for part in parts]),
        np.concatenate([part.chosen for part in parts]),
        np.concatenate([part.value for part in parts]),
    )
