"""Addresses of this room; the door of the demo exists only in the demo."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from reseda.credentials.views import demo, holder, issuers, public, school, verifier

app_name = "credentials"

MINE = "mes-titres/<uuid:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("titres-delivres/", school.list_credentials, name="list_credentials"),
    path("titres-delivres/<int:pk>/delivrer/", school.issue_credential, name="issue_credential"),
    path("mes-titres/", holder.mine, name="mine"),
    path(MINE, holder.read_credential, name="read_credential"),
    path(f"{MINE}partager/", holder.share_credential, name="share_credential"),
    path(f"{MINE}ne-plus-partager/", holder.unshare_credential, name="unshare_credential"),
    path(f"{MINE}revoquer/", school.revoke_credential, name="revoke_credential"),
    path(f"{MINE}code-qr.svg", holder.qr_code, name="qr_code"),
    path(f"{MINE}titre.<slug:kind>", holder.download_credential, name="download_credential"),
    path("titres/<uuid:pk>/", public.show_credential, name="show_credential"),
    path("titres/<uuid:pk>.<slug:kind>", public.take_credential, name="take_credential"),
    path("verifier/", verifier.verify_any, name="verify"),
    path("ecoles/<slug:slug>/", issuers.show_issuer, name="show_issuer"),
    path("ecoles/<slug:slug>/did.json", issuers.did_document, name="did_document"),
    path("ecoles/<slug:slug>/statuts/<int:number>.json", issuers.status_list, name="status_list"),
]
if settings.IS_DEMO:
    urlpatterns += [path("demo/titres.json", demo.list_examples, name="demo_credentials")]
