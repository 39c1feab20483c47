"""What days served are worth, in points: concave so that first days weigh most, or linear."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reseda.timetable.domain.planning.model import Objective

FAIR_POINTS = 1000.0
POINTS_A_DAY = 50.0


def worth(objective: Objective, target_days: ArrayLike, halves: ArrayLike) -> NDArray[np.float64]:
    """Value half-days against the target of each person; nothing without a target."""
    target = np.asarray(target_days, dtype=np.float64)
    days = np.asarray(halves, dtype=np.float64) / 2
    if objective == "total":
        return POINTS_A_DAY * np.maximum(np.minimum(days, target), 0.0)
    share = np.minimum(days / np.where(target > 0, target, 1.0), 1.0)
    return np.where(target > 0, FAIR_POINTS * (2 * share - share * share), 0.0)


def worth_of_one(objective: Objective, target_days: float, halves: int) -> float:
    """Value half-days of one person: as above, for plain numbers."""
    if objective == "total":
        return POINTS_A_DAY * max(min(halves / 2, target_days), 0.0)
    if target_days <= 0:
        return 0.0
    share = min(halves / 2 / target_days, 1.0)
    return FAIR_POINTS * (2 * share - share * share)
