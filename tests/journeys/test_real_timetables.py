"""The timetables that schools really export, given by a student as she would, and read whole."""

import os
import re
from pathlib import Path

import pytest
from django.db.models import Count

from reseda.timetable.models import Feed, Kind, Lesson
from reseda.timetable.queries.lessons import timetable
from tests.cast import STUDENT
from tests.journeys.visitor import Attached

pytestmark = pytest.mark.django_db

# The number of events is in the name of each file.
FILES = (
    "ade_enseeiht_2019_apprentis_515ev.ics",
    "ade_iut_rt_but1_2023_1432ev.ics",
    "hp_avignon_ceri_m1_2024_369ev.ics",
)


def real(name):
    folder = os.environ.get("RESEDA_TEST_DATA")
    if not folder:
        pytest.skip("RESEDA_TEST_DATA is not set: real timetables were NOT read")
    return Attached(name, (Path(folder) / "timetables" / name).read_bytes(), "text/calendar")


def give(world, name):
    student = world.as_(STUDENT).open("/").click("Mon emploi du temps")
    return student.send("Lire cet emploi du temps", file=real(name))


@pytest.mark.parametrize("name", FILES)
def test_a_real_export_is_read_whole_and_typed(world, name):
    count = int(re.search(r"_(\d+)ev", name).group(1))
    assert f"{count} séances lues" in give(world, name).told
    feed = Feed.objects.get()
    assert (feed.state, feed.problems) == ("fresh", [])
    lessons = Lesson.objects.filter(feed=feed)
    assert lessons.count() == count
    kinds = dict(lessons.order_by().values_list("kind").annotate(Count("pk")))
    assert kinds.get(Kind.UNKNOWN, 0) < count / 3, kinds


def test_the_wall_of_sub_groups_comes_down_to_one_students_lessons(world):
    student = give(world, "ade_iut_rt_but1_2023_1432ev.ics")
    *_others, one = student.offered("Enregistrer mes groupes", "groups")
    student.send("Enregistrer mes groupes", groups=[one])
    attended = timetable(world.person(STUDENT)).events
    assert len(attended) < Lesson.objects.count() / 2
    assert any(lesson.is_for_whole_promotion for lesson in attended)
    own = Feed.objects.get().chosen_groups
    assert one in own
    assert not [
        lesson
        for lesson in attended
        if lesson.group
        and not lesson.is_for_whole_promotion
        and not any(code in lesson.group for code in own)
    ]


def test_an_empty_export_is_told_and_frees_nobodys_year(world):
    student = give(world, "ade_empty_0ev.ics")
    student.reads("À vérifier")
    world.awaits(STUDENT, "Un emploi du temps est à vérifier")
