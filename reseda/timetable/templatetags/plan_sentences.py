"""Reasons as sentences: the engine gives codes and facts, this writes them in words.

Titles of lessons are their student’s own: others read what kind of lesson it is, and when.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reseda.service.models import Offer
from reseda.timetable.models import Kind
from reseda.timetable.queries.planning.rules import SERVICE, SUSPENSION, TRAINING
from reseda.timetable.templatetags.timetable import hours
from reseda.ui.templatetags.ui import days, span

MOST_NAMED = 3
Facts = Mapping[str, Any]

WORDS: Mapping[str, Promise] = {
    "excluded": gettext_lazy("écartée"),
    "contract": gettext_lazy("hors contrat"),
    "requires": gettext_lazy("qualification"),
    "clash": gettext_lazy("études"),
    "travel": gettext_lazy("trajet"),
    "ceiling": gettext_lazy("plafond légal"),
    "recoverable_limit": gettext_lazy("trop à rattraper"),
    "overlap": gettext_lazy("autre période"),
    "full": gettext_lazy("complet"),
    "no_gain": gettext_lazy("objectif atteint"),
}
# On one’s own page: what stands in the way, in a word that is not « impossible » when it is not.
OWN_WORDS: Mapping[str, tuple[str, Promise]] = {
    "excluded": ("quiet", gettext_lazy("écartée")),
    "full": ("quiet", gettext_lazy("complète")),
    "no_gain": ("quiet", gettext_lazy("au-delà de l’objectif")),
    "contract": ("quiet", gettext_lazy("hors contrat")),
}
FAILURES: Mapping[str, Promise] = {
    "lost": gettext_lazy("Le calcul s’est arrêté sans finir. Relancez-le."),
    "pin": gettext_lazy(
        "Une période fixée à la main ne peut être tenue par aucun plan. Rendez-la au calcul, puis "
        "relancez."
    ),
    "no_offers": gettext_lazy("Aucune période à venir n’est proposée à ces dates."),
    "no_people": gettext_lazy(
        "Personne à planifier : aucun réserviste qui vous a informé n’a donné son emploi du temps."
    ),
}
FAILED = gettext_lazy("Le calcul a échoué. Relancez-le ; si cela se répète, prévenez l’exploitant.")


@dataclass(frozen=True)
class Names:
    """What may be named to the reader: offers by id, lessons by uid where they are their own."""

    offers: Mapping[str, Offer] = field(default_factory=dict)
    lessons: Mapping[str, str] = field(default_factory=dict)

    def offer(self, key: str) -> str:
        """Say which offered period it is, by its dates."""
        found = self.offers.get(str(key))
        return span(found.starts_at, found.ends_at) if found else _("une autre période")


@dataclass(frozen=True)
class Told:
    """A reason in words: what stands in the way, and what would make it possible."""

    why: str
    need: str = ""


def failure(code: str) -> str:
    """Say why a computation failed, and what to do."""
    return str(FAILURES.get(code, FAILED))


def word(reason: str) -> str:
    """Say a reason in a word or two, for tables."""
    return str(WORDS.get(reason, reason))


def told(reason: str, facts: Facts, need: Facts, names: Names) -> Told:
    """Say a refusal in a sentence, with what would lift it."""
    writer = WRITERS.get(reason)
    return writer(facts, need, names) if writer else Told(_("Elle n’a pas été retenue."))


def broken(rule: str, facts: Facts, names: Names) -> str:
    """Say why a line that was granted does not hold any more."""
    if rule in ("clash", "travel", "contract", "requires"):
        return told(rule, facts, {}, names).why
    return str(BROKEN.get(rule, BROKEN["other"]))


def _number(value: float) -> str:
    return number_format(round(float(value), 1), use_l10n=True).removesuffix(",0")


def _day(value: str) -> date:
    return date.fromisoformat(value[:10])


def when(event: Facts) -> str:
    """Say when an event takes place: « mardi 10 novembre, 8 h – 10 h »."""
    start, end = (timezone.localtime(datetime.fromisoformat(event[k])) for k in ("start", "end"))
    day = date_format(start, "l j F")
    if start.date() != end.date():
        return span(start, end)
    return _("%(day)s, %(start)s – %(end)s") % {
        "day": day,
        "start": clock(start),
        "end": clock(end),
    }


def clock(moment: datetime) -> str:
    """Write an hour as it is said: « 8 h », « 13 h 30 »."""
    if moment.minute:
        return _("%(hour)d h %(minute)02d") % {"hour": moment.hour, "minute": moment.minute}
    return _("%(hour)d h") % {"hour": moment.hour}


def _event(event: Facts, names: Names) -> str:
    title = names.lessons.get(event["uid"], "")
    kind = str(Kind(event["kind"]).label) if event["kind"] in Kind.values else ""
    named = f"{title} ({kind})" if title else kind
    return _("%(what)s, %(when)s") % {"what": named, "when": when(event)}


def _events(events: Iterable[Facts], names: Names) -> str:
    events = list(events)
    shown = [_event(one, names) for one in events[:MOST_NAMED]]
    more = len(events) - len(shown)
    if more:
        shown.append(ngettext("%(n)d autre séance", "%(n)d autres séances", more) % {"n": more})
    return _(" ; ").join(shown)


def _excluded(_facts: Facts, _need: Facts, _names: Names) -> Told:
    return Told(
        _("Écartée avant le calcul : à la main, ou parce que la personne l’a dite impossible."),
        _("Revenir sur ce choix."),
    )


def _contract(facts: Facts, need: Facts, _names: Names) -> Told:
    held = facts.get("contract")
    if not held:
        return Told(_("Le contrat ne couvre pas toute la période."))
    why = _("Le contrat ne couvre pas toute la période : il court %(dates)s.")
    until = need.get("contract", {}).get("until")
    asked = _("Un contrat qui aille jusqu’au %(day)s.")
    return Told(
        why % {"dates": span(_day(held["start"]), _day(held["end"]))},
        asked % {"day": date_format(_day(until), "j F Y")} if until else "",
    )


def _requires(facts: Facts, _need: Facts, names: Names) -> Told:
    missing = ", ".join(facts.get("missing", ()))
    givers = [names.offer(key) for key in facts.get("granted_by", ())]
    why = _("Il faut d’abord : %(what)s.") % {"what": missing}
    if givers:
        return Told(why, _("La période %(dates)s y mène.") % {"dates": _(" ; ").join(givers[:2])})
    return Told(why, _("L’acquérir, ou la déclarer si elle est déjà acquise."))


def _held(events: Iterable[Facts]) -> Told | None:
    """Say that the contract is suspended, or that a training stands in the way."""
    uids = [one["uid"] for one in events if one["kind"] == SERVICE]
    if any(uid.startswith(SUSPENSION) for uid in uids):
        return Told(
            _("Le contrat est suspendu à ces dates : rien ne s’y sert."),
            _("Mettre fin à la suspension, ou choisir d’autres dates."),
        )
    if any(uid.startswith(TRAINING) for uid in uids):
        return Told(
            _("Une préparation militaire, avant le contrat, tombe à ces dates ou trop près."),
            _("Choisir d’autres dates."),
        )
    return None


def _clash(facts: Facts, _need: Facts, names: Names) -> Told:
    events = list(facts.get("events", ()))
    if held := _held(events):
        return held
    studies = [one for one in events if one["kind"] != SERVICE]
    if not studies:
        return Told(_("Une période déjà prévue tombe à ces dates."), _("Annuler celle-là."))
    exams = [one for one in studies if one["kind"] == Kind.EXAM]
    if exams:
        sentence = ngettext(
            "Un examen tombe pendant la période : %(what)s.",
            "%(n)d examens tombent pendant la période : %(what)s.",
            len(exams),
        )
        facts_ = {"n": len(exams), "what": _events(exams, names)}
        return Told(
            sentence % facts_, _("Que cet examen soit déplacé. Les études restent prioritaires.")
        )
    sentence = ngettext(
        "Une séance obligatoire tombe pendant la période : %(what)s.",
        "%(n)d séances obligatoires tombent pendant la période : %(what)s.",
        len(studies),
    )
    return Told(
        sentence % {"n": len(studies), "what": _events(studies, names)},
        _("Que la séance soit déplacée, ou qu’un aménagement soit accordé."),
    )


def _travel(facts: Facts, _need: Facts, names: Names) -> Told:
    events = list(facts.get("events", ()))
    if held := _held(events):
        return held
    if events and all(one["kind"] == SERVICE for one in events):
        return Told(
            _("Trop près d’une période déjà prévue : le repos entre deux manquerait."),
            _("Déplacer l’une des deux."),
        )
    sentence = _("Le temps de trajet manque, juste avant ou juste après : %(what)s.")
    return Told(
        sentence % {"what": _events(events, names)},
        _("Partir plus tard ou revenir plus tôt, avec l’accord de l’unité."),
    )


def _ceiling(facts: Facts, need: Facts, _names: Names) -> Told:
    sentence = _(
        "Le plafond légal de %(year)s serait dépassé : %(ceiling)s au plus, %(served)s déjà "
        "comptés, %(granted)s retenus, %(days)s pour cette période."
    )
    said = {name: days(facts.get(name, 0)) for name in ("ceiling", "served", "granted", "days")}
    over = _("%(days)s de moins cette année-là.") % {"days": days(need.get("days", 0))}
    return Told(sentence % {**said, "year": facts.get("year", "")}, over)


def _limit(facts: Facts, need: Facts, _names: Names) -> Told:
    sentence = _(
        "Trop de cours à rattraper : %(minutes)s de plus, %(granted)s déjà, %(limit)s au plus."
    )
    said = {name: hours(int(facts.get(name, 0))) for name in ("minutes", "granted", "limit")}
    return Told(
        sentence % said, _("%(time)s de moins.") % {"time": hours(int(need.get("minutes", 0)))}
    )


def _overlap(facts: Facts, need: Facts, names: Names) -> Told:
    others = _(" ; ").join(names.offer(key) for key in facts.get("offers", ()))
    cost = float(need.get("cost", 0))
    asked = _("Renoncer à l’autre.")
    if cost > 0:
        asked = _("Renoncer à l’autre (%(points)s points de moins).") % {"points": _number(cost)}
    return Told(
        _("Elle en chevauche une autre, retenue, ou en est trop proche : %(dates)s.")
        % {"dates": others},
        asked,
    )


def _full(facts: Facts, _need: Facts, _names: Names) -> Told:
    capacity, above = int(facts.get("capacity", 0)), int(facts.get("higher_claims", 0))
    why = ngettext("La seule place est prise", "Les %(n)d places sont prises", capacity)
    if not capacity:
        why = _("Il ne reste pas de place")
    why = why % {"n": capacity} if capacity > 1 else why
    if above:
        told_ = ngettext(
            "par %(n)d personne à qui elle apporte davantage",
            "par %(n)d personnes à qui elle apporte davantage",
            above,
        )
        why = f"{why}, {told_ % {'n': above}}"
    return Told(f"{why}.", _("Une place de plus."))


def _no_gain(_facts: Facts, _need: Facts, _names: Names) -> Told:
    return Told(
        _("Elle n’apporterait rien : l’objectif est atteint, ou les cours perdus pèsent plus."),
        _("Souhaiter plus de jours."),
    )


WRITERS: Mapping[str, Callable[[Facts, Facts, Names], Told]] = {
    "excluded": _excluded,
    "contract": _contract,
    "requires": _requires,
    "clash": _clash,
    "travel": _travel,
    "ceiling": _ceiling,
    "recoverable_limit": _limit,
    "overlap": _overlap,
    "full": _full,
    "no_gain": _no_gain,
}
BROKEN: Mapping[str, Promise] = {
    "withdrawn": gettext_lazy("L’unité ne propose plus cette période."),
    "days": gettext_lazy("L’unité a changé les dates."),
    "no_timetable": gettext_lazy("L’emploi du temps n’est plus là : on ne peut rien en dire."),
    "second_engagement": gettext_lazy("La personne a un autre contrat, plus récent."),
    "left": gettext_lazy("L’engagement n’est plus de ceux que ce plan peut connaître."),
    "rest": gettext_lazy("Le repos manque entre deux périodes retenues."),
    "ceiling": gettext_lazy("Le plafond légal de l’année est dépassé."),
    "recoverable_limit": gettext_lazy("Trop de cours seraient à rattraper."),
    "capacity": gettext_lazy("L’unité propose moins de places."),
    "pin_excluded": gettext_lazy("Elle a été écartée depuis, ou dite impossible."),
    "other": gettext_lazy("Elle ne tient plus."),
}
