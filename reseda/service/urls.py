"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from reseda.service.views import (
    career,
    employer,
    leaves,
    offer_calls,
    offer_files,
    offers,
    office,
    own,
    period,
    reservists,
    standing,
    wishes,
)

app_name = "service"

urlpatterns: list[URLPattern | URLResolver] = [
    path("mon-engagement/", own.my_engagement, name="my_engagement"),
    path("mon-engagement/declarer/", own.declare, name="declare"),
    path("mon-engagement/<int:pk>/modifier/", own.edit_engagement, name="edit_engagement"),
    path("mon-engagement/<int:pk>/clore/", own.end_engagement, name="end_engagement"),
    path("mon-engagement/<int:pk>/revenir/", own.undo_engagement, name="undo_engagement"),
    path("mon-engagement/<int:pk>/qui-peut-savoir/", own.disclose, name="disclose"),
    path("mon-engagement/<int:pk>/droits/", own.notice, name="notice"),
    path("mon-engagement/<int:pk>/periodes/nouvelle/", period.add_period, name="add_period"),
    path("mon-engagement/periodes/<int:pk>/", period.read_period, name="read_period"),
    path("mon-engagement/periodes/<int:pk>/modifier/", period.edit_period, name="edit_period"),
    path("mon-engagement/periodes/<int:pk>/annuler/", period.cancel_period, name="cancel_period"),
    path("mon-engagement/periodes/<int:pk>/revenir/", period.undo_period, name="undo_period"),
    path("mon-engagement/periodes/<int:pk>/convocation/", period.convocation, name="convocation"),
    path(
        "mon-engagement/periodes/<int:pk>/confirmation/",
        period.ask_confirmation,
        name="ask_confirmation",
    ),
    path(
        "mon-engagement/periodes/<int:pk>/attestation/",
        period.ask_attestation,
        name="ask_attestation",
    ),
    path("mon-engagement/<int:pk>/parcours/", career.career, name="career"),
    path("mon-engagement/<int:pk>/parcours/grade/", career.add_promotion, name="add_promotion"),
    path("mon-engagement/<int:pk>/parcours/formation/", career.add_step, name="add_step"),
    path("mon-engagement/<int:pk>/parcours/suspension/", career.suspend, name="suspend"),
    path("mon-engagement/formations/<int:pk>/", career.mark_step, name="mark_step"),
    path(
        "mon-engagement/parcours/<slug:kind>/<int:pk>/retirer/",
        career.remove_item,
        name="remove_item",
    ),
    path(
        "mon-engagement/parcours/<slug:kind>/<int:pk>/retablir/",
        career.restore_item,
        name="restore_item",
    ),
    path(
        "mon-engagement/<int:pk>/qualifications/",
        career.add_qualification,
        name="add_qualification",
    ),
    path(
        "mon-engagement/<int:pk>/qualifications/retirer/",
        career.remove_qualification,
        name="remove_qualification",
    ),
    path("mon-engagement/<int:pk>/jours-souhaites/", career.set_target, name="set_target"),
    path("mon-engagement/<int:pk>/employeur/", employer.employer, name="employer"),
    path(
        "mon-engagement/<int:pk>/employeur/changer/",
        employer.change_employer,
        name="change_employer",
    ),
    path(
        "mon-engagement/employeurs/<int:pk>/revenir/", employer.undo_employer, name="undo_employer"
    ),
    path("mon-engagement/<int:pk>/clause/", employer.agree_clause, name="agree_clause"),
    path("mon-engagement/clauses/<int:pk>/clore/", employer.give_up_clause, name="give_up_clause"),
    path(
        "mon-engagement/clauses/<int:pk>/retablir/", employer.restore_clause, name="restore_clause"
    ),
    path("mon-engagement/<int:pk>/compteurs/", standing.counters, name="counters"),
    path("mon-engagement/<int:pk>/consultations/", standing.consultations, name="consultations"),
    path("mon-engagement/periodes/<int:pk>/reponse/", period.note_call_up, name="note_call_up"),
    path(
        "mon-engagement/periodes/<int:pk>/convocation/resumer/",
        period.mask_convocation,
        name="mask_convocation",
    ),
    path("mon-engagement/periodes/<int:pk>/autorisation/", leaves.ask_leave, name="ask_leave"),
    path("mon-engagement/autorisations/", leaves.my_leaves, name="my_leaves"),
    path("mon-engagement/autorisations/<int:pk>/", leaves.read_leave, name="read_leave"),
    path(
        "mon-engagement/autorisations/<int:pk>/retirer/",
        leaves.withdraw_leave,
        name="withdraw_leave",
    ),
    path(
        "mon-engagement/autorisations/<int:pk>/retablir/",
        leaves.restore_leave,
        name="restore_leave",
    ),
    path("rh/autorisations/", office.list_leaves, name="list_leaves"),
    path("rh/autorisations/quotas/", office.list_quotas, name="list_quotas"),
    path("rh/autorisations/regle/", office.employer_rule, name="employer_rule"),
    path("rh/autorisations/<int:pk>/", office.decide_leave, name="decide_leave"),
    path("rh/autorisations/<int:pk>/accuser/", office.acknowledge_leave, name="acknowledge_leave"),
    path("rh/autorisations/<int:pk>/revenir/", office.reopen_leave, name="reopen_leave"),
    path("reservistes/", reservists.list_reservists, name="list_reservists"),
    path("reservistes/<int:pk>/", reservists.read_reservist, name="read_reservist"),
    path("reservistes/<int:pk>/consulter/", reservists.consult_reservist, name="consult_reservist"),
    path("mon-engagement/propositions/", wishes.list_my_offers, name="list_my_offers"),
    path("mon-engagement/<int:pk>/propositions/", wishes.list_my_offers, name="list_offers_of"),
    path("mon-engagement/<int:pk>/propositions/<int:offer_pk>/souhait/", wishes.wish, name="wish"),
    path("propositions/", offers.list_offers, name="list_offers"),
    path("propositions/nouvelle/", offers.add_offer, name="add_offer"),
    path("propositions/<int:pk>/", offers.edit_offer, name="edit_offer"),
    path("propositions/<int:pk>/retirer/", offers.withdraw_offer, name="withdraw_offer"),
    path("propositions/<int:pk>/retablir/", offers.restore_offer, name="restore_offer"),
    path("propositions/importer/", offer_files.import_offers, name="import_offers"),
    path("propositions/modele.<str:kind>", offer_files.offer_template, name="offer_template"),
    path("propositions/unites/", offer_calls.list_calls, name="list_offer_calls"),
    path("propositions/unites/<int:pk>/relancer/", offer_calls.remind_call, name="remind_call"),
    path("propositions/unites/<int:pk>/clore/", offer_calls.close_call, name="close_call"),
]
