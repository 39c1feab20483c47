"""The semesters of studies, at the end of which an accommodation is looked back on.

No text fixes the day: D611-9 asks that studies be arranged, the practice of schools is a contract
followed each semester. The rule of Réséda, since November 2026: 31 January and 30 June, and never
after the academic year of the absence has ended.
"""

from datetime import date

ENDS = ((1, 31), (6, 30))


def semester_end(on: date) -> date:
    """Return the last day of the semester that a day belongs to; summer belongs to the next one."""
    ends = (date(year, *end) for year in (on.year, on.year + 1) for end in ENDS)
    return next(end for end in ends if end >= on)


def review_due_on(absence_ends_on: date, year_ends_on: date | None = None) -> date:
    """Return the day by which an absence is looked back on, not before it is over."""
    due = semester_end(absence_ends_on)
    if year_ends_on is not None and absence_ends_on <= year_ends_on < due:
        return year_ends_on
    return due


def next_review_on(last_due_on: date, year_ends_on: date | None = None) -> date | None:
    """Return the day of the following review; None once the academic year is over.

    Without a known year, it ends with the June that follows.
    """
    following = semester_end(date.fromordinal(last_due_on.toordinal() + 1))
    limit = year_ends_on or date(last_due_on.year + (last_due_on.month > ENDS[1][0]), *ENDS[1])
    if limit <= last_due_on:
        return None
    return min(following, limit)
