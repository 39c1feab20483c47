"""A student's own groups in the feed of a whole promotion."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from reseda.timetable.domain.events import Event
from reseda.timetable.domain.groups import for_groups, groups, with_larger_groups
from reseda.timetable.domain.reading import read
from reseda.timetable.tests.calendars import test_data

MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)


def event(group: str, hour: int = 0, *, whole: bool = False) -> Event:
    start = MONDAY + timedelta(hours=hour)
    uid = f"{group}-{hour}"
    return Event(start, start + timedelta(hours=1), uid, group=group, is_for_whole_promotion=whole)


def promotion() -> list[Event]:
    """Two TD groups of two TP groups each, over ten days: brothers run in parallel."""
    events = [event("INF1 promo S1", 0, whole=True), event("", 1)]
    for day in range(10):
        hour = 24 * day
        events += [event(f"INF1 TP{n} S1", hour + 2) for n in (1, 2)]
        events += [event("INF1 TD2 S1", hour + 2), event("INF1 TD1 S1", hour + 3)]
        events += [event(f"INF1 TP{n} S1", hour + 3) for n in (3, 4)]
    return events


def test_the_groups_of_a_feed_are_listed_with_their_counts_the_promotion_first():
    found = groups(promotion())

    assert [(g.code, g.count, g.level) for g in found[:2]] == [
        ("INF1 promo S1", 1, "promotion"),
        ("INF1 TD1 S1", 10, "subgroup"),
    ]


def test_the_larger_group_is_the_one_that_never_runs_in_parallel():
    within = {group.code: group.within for group in groups(promotion())}

    assert within["INF1 TP1 S1"] == within["INF1 TP2 S1"] == ("INF1 TD1 S1",)
    assert within["INF1 TP4 S1"] == ("INF1 TD2 S1",)


def test_another_semester_of_which_little_is_known_follows_the_first():
    events = [*promotion(), event("INF1 TP3 S2", 900), event("INF1 TD1 S2", 901)]
    events.append(event("INF1 TD2 S2", 902))

    within = {group.code: group.within for group in groups(events)}

    assert within["INF1 TP3 S2"] == ("INF1 TD2 S2",)


def test_the_chosen_groups_the_whole_promotion_and_the_sessions_for_everybody_are_kept():
    events = promotion()
    chosen = with_larger_groups(groups(events), ["INF1 TP1 S1"])

    kept = for_groups(events, chosen)

    assert {e.group for e in kept} == {"", "INF1 promo S1", "INF1 TP1 S1", "INF1 TD1 S1"}
    assert len(kept) == 22


def test_choosing_nothing_frees_nobody():
    assert for_groups(promotion(), ()) == tuple(promotion())


def test_a_group_named_at_the_head_of_its_sub_groups_is_a_promotion():
    events = [event("ELEC 1A", 0), event("ELEC 1A GR1", 1), event("ELEC 1A GR2", 1)]

    assert [e.group for e in for_groups(events, ["ELEC 1A GR1"])] == ["ELEC 1A", "ELEC 1A GR1"]


def test_without_the_filter_the_real_feed_overlaps_and_with_it_no_longer():
    path = test_data("timetables", "ade_iut_rt_but1_2023_1432ev.ics")
    events = read(path.read_bytes()).events
    found = groups(events)

    assert overlaps(events) > 800
    for number in range(1, 5):
        codes = [f"RT1 TP{number} S1", f"RT1 TP{number} S2"]
        chosen = with_larger_groups(found, codes)
        assert len(chosen) == 4, chosen
        kept = for_groups(events, chosen)
        assert len(kept) > 500
        assert overlaps(kept) <= 4, number


def test_every_real_feed_filtered_on_one_group_is_one_person_in_one_place():
    for name in ("ade_enseeiht_2019_apprentis_515ev.ics", "hp_avignon_ceri_m1_2024_369ev.ics"):
        events = read(test_data("timetables", name).read_bytes()).events
        for group in groups(events):
            assert overlaps(for_groups(events, [group.code])) <= 8, group


def overlaps(events: tuple[Event, ...] | list[Event]) -> int:
    timed = [event for event in events if not event.is_all_day]
    return sum(one.ends_at > other.starts_at for one, other in pairwise(timed))
