"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from reseda.service.views import offer_calls, offer_files, offers, own, period, reservists, wishes

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
