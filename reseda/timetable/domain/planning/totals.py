"""The figures of a plan as a whole."""

from typing import Any

import numpy as np

from reseda.timetable.domain.planning.normal import Floats
from reseda.timetable.domain.planning.reasons import points
from reseda.timetable.domain.planning.standing import CODES, GRANTED, Standing


def totals(standing: Standing, prices: Floats, rounds: int) -> dict[str, Any]:
    """Sum up a plan: people, days, shares of the target, places, minutes, offers and reasons."""
    layout = standing.layout
    offers, target = layout.offers, layout.target
    wanting = target > 0
    shares = np.minimum(standing.served[wanting] / 2 / target[wanting], 1.0)
    reasons, counts = np.unique(standing.reasons, return_counts=True)
    by_code = dict(zip(reasons.tolist(), counts.tolist(), strict=True))
    return {
        "reservists": len(layout.people),
        "reservists_without_days": int((standing.served == 0).sum()),
        "days": int(standing.served.sum()) / 2,
        "days_wanted": points(target.sum()),
        "share_of_target_p10": points(np.quantile(shares, 0.1)) if shares.size else None,
        "places": int(offers.capacity.sum()),
        "places_taken": int(standing.taken.sum()),
        "recoverable_minutes": int(standing.minutes.sum()),
        "granted": by_code.get(GRANTED, 0),
        "refused": {reason: by_code[code] for reason, code in CODES.items() if code in by_code},
        **_changes(standing),
        "rounds": rounds,
        "offers": [
            {
                "offer": offer.id,
                "capacity": offer.capacity,
                "taken": int(standing.taken[j]),
                "price": points(prices[j]),
            }
            for j, offer in enumerate(offers.items)
        ],
    }


def _changes(standing: Standing) -> dict[str, int]:
    """Count the pairs that differ from the published plan, where there is one."""
    published = standing.layout.published
    return {"changes": int((standing.granted != published).sum())} if published.any() else {}
