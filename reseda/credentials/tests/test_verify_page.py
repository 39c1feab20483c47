"""The door of anybody who was given a credential: files, links, codes, and what is none."""

import http.server
import ipaddress
import json
import ssl
import threading
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from reseda.credentials import queries
from reseda.credentials.domain import documents, proofs, status
from reseda.credentials.domain.codes import read_code
from reseda.credentials.domain.dids import SchoolKey, did_document, did_web
from reseda.credentials.domain.discretion import telling_word
from reseda.credentials.domain.keys import to_multikey
from reseda.credentials.models import Credential
from reseda.credentials.tests import factories as make
from reseda.credentials.tests import samples
from reseda.journal.models import Entry

GENUINE, INTACT, REVOKED, INVALID, UNREACHED = (
    "Ce titre est authentique</h1>",
    "mais nous ne connaissons pas son émetteur</h1>",
    "Ce titre est révoqué</h1>",
    "Ce titre est invalide</h1>",
    "Nous n’avons pas pu vérifier ce titre</h1>",
)
HEADLINES = {GENUINE, INTACT, REVOKED, INVALID, UNREACHED}
FOREIGN_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(7, 39)))


def send(client, data=None, text="", name="titre"):
    file = {} if data is None else {"file": SimpleUploadedFile(name, data)}
    return client.post("/verifier/", {"text": text, **file})


def read(response):
    return response.content.decode()


def verdict(response):
    page = read(response)
    return next((one for one in HEADLINES if one in page), None)


def foreign(did, method, status_url="", key=FOREIGN_KEY):
    """A credential of an issuer of nowhere, with or without a status list."""
    recognition = samples.RECOGNITION.__class__(
        **{
            **samples.RECOGNITION.__dict__,
            "issuer": documents.Issuer(did, "Université de Nulle-Part", "https://nulle.example/"),
            "status": documents.StatusEntry(status_url or "https://nulle.example/l.json", 5),
        }
    )
    document = documents.build(recognition)
    if not status_url:
        del document["credentialStatus"]
    return proofs.sign(document, key, verification_method=method, created_at=samples.AT)


def of_key():
    multikey = to_multikey(FOREIGN_KEY.public_key())
    return foreign(f"did:key:{multikey}", f"did:key:{multikey}#{multikey}")


# --- Our own credentials


@pytest.mark.parametrize("kind", queries.KINDS)
def test_a_file_of_ours_is_authentic_in_every_form(client, world, kind):
    held = make.credential(world)
    data = queries.file_of(held, kind, names_holder=False)
    answer = send(client, data, name=f"titre.{kind}")
    assert (answer.status_code, verdict(answer)) == (200, GENUINE)
    assert make.TITLE in read(answer)
    assert world.student.last_name not in read(answer)
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_a_revoked_file_is_told_as_such(client, world):
    held = make.revoked(world)
    answer = send(client, queries.file_of(held, "json", names_holder=False))
    assert verdict(answer) == REVOKED
    assert "Erreur matérielle" not in read(answer)


def test_a_changed_file_is_invalid_and_is_not_quoted(client, world):
    held = make.credential(world)
    data = queries.file_of(held, "json", names_holder=False)
    answer = send(client, data.replace(make.TITLE.encode(), "Général en chef".encode()))
    assert verdict(answer) == INVALID
    assert "Général en chef" not in read(answer)


def test_verifying_keeps_nothing(client, world):
    held = make.credential(world)
    before = Entry.objects.count()
    send(client, queries.file_of(held, "pdf", names_holder=False))
    assert Entry.objects.count() == before
    assert Credential.objects.count() == 1


def test_a_text_pasted_is_verified_like_a_file(client, world):
    held = make.credential(world)
    assert verdict(send(client, text=json.dumps(held.document))) == GENUINE
    assert verdict(send(client, text=f"  {held.token}\n")) == GENUINE


# --- Codes and links


@pytest.mark.parametrize("shape", ["{}", " {} ", "lower", "bare"])
def test_a_code_leads_to_the_page_however_it_is_typed(client, world, shape):
    held = make.shared(world)
    typed = {"lower": held.code.lower(), "bare": held.code.replace("-", " ")}.get(
        shape, shape.format(held.code)
    )
    target = f"/titres/{held.pk}/"
    assert client.get("/verifier/", {"code": typed})["Location"] == target
    assert send(client, text=typed)["Location"] == target


def test_an_unshared_code_and_an_unknown_one_answer_alike(client, world):
    held = make.credential(world)
    pages = []
    for code in (held.code, "0000-0000-0000"):
        answer = client.get("/verifier/", {"code": code})
        assert answer.status_code == 404
        assert "Aucun titre partagé ne porte ce code" in read(answer)
        pages.append(read(answer).partition("<main")[2].replace(code, ""))
    assert len({page.partition("csrf")[0] for page in pages}) == 1


@pytest.mark.parametrize("end", ["/", "", ".json", ".pdf", "/?source=cv#haut"])
def test_a_link_of_ours_leads_to_the_page(client, world, end):
    held = make.shared(world)
    answer = send(client, text=f"http://testserver/titres/{held.pk}{end}")
    assert answer["Location"] == f"/titres/{held.pk}/"


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/titre.json",
        "https://localhost/titre.json",
        "http://169.254.169.254/latest",
        "https://[::1]/",
        "https://",
        "https://exa mple/",
        "http://testserver/mes-titres/",
        "http://testserver/../../etc",
    ],
)
def test_a_link_that_leads_inside_or_nowhere_is_refused(client, world, url):
    answer = send(client, text=url)
    assert answer.status_code == 422
    assert "Cette adresse ne donne pas de titre" in read(answer)


# --- Issuers from elsewhere


def test_a_credential_of_an_unknown_issuer_is_intact_and_no_more(client, world):
    answer = send(client, json.dumps(of_key()).encode())
    assert verdict(answer) == INTACT
    assert "Université de Nulle-Part" in read(answer)
    assert "did:key:" in read(answer)


def test_an_issuer_that_cannot_be_reached_is_neither_genuine_nor_a_forgery(client, world):
    did = "did:web:localhost%3A1:ecole"
    answer = send(client, json.dumps(foreign(did, f"{did}#cle")).encode())
    assert verdict(answer) == UNREACHED
    assert "Université de Nulle-Part" not in read(answer)


def test_a_stranger_who_borrows_the_name_of_our_school_is_not_trusted(client, world):
    ours = make.credential(world).document["issuer"]["id"]
    answer = send(client, json.dumps(foreign(ours, f"{ours}#ed25519-1")).encode())
    assert verdict(answer) == INVALID


@pytest.fixture
def elsewhere(tmp_path, settings, monkeypatch):
    """A site of another university, over https on this machine, that the operator lets reach."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    since = timezone.now() - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=3))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "site.pem"
    pem.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    pages, asked = {}, []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = pages.get(self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.FETCH_PORTS = [server.server_port]
    settings.FETCH_TRUSTED_NETWORKS = ["127.0.0.1/32"]
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    site = f"https://127.0.0.1:{server.server_port}"
    did = did_web(f"{site}/univ")
    pages["/univ/did.json"] = json.dumps(
        did_document(did, [SchoolKey("cle", FOREIGN_KEY.public_key())])
    ).encode()
    yield site, did, pages, asked
    server.shutdown()
    thread.join()
    server.server_close()


def listed(url, did, revoked):
    unsigned = status.status_list(url, did, revoked, valid_from=samples.AT)
    return json.dumps(
        status.signed_status_list(
            unsigned, FOREIGN_KEY, verification_method=f"{did}#cle", created_at=samples.AT
        )
    ).encode()


@pytest.mark.parametrize(("revoked", "expected"), [((), INTACT), ((5,), REVOKED)])
def test_the_keys_and_the_list_of_another_site_are_read(
    client, world, elsewhere, revoked, expected
):
    site, did, pages, asked = elsewhere
    url = f"{site}/univ/liste.json"
    pages["/univ/liste.json"] = listed(url, did, revoked)
    document = foreign(did, f"{did}#cle", url)
    assert verdict(send(client, json.dumps(document).encode())) == expected
    assert asked == ["/univ/did.json", "/univ/liste.json"]


def test_without_the_list_of_another_site_nothing_is_concluded(client, world, elsewhere):
    site, did, _pages, _asked = elsewhere
    document = foreign(did, f"{did}#cle", f"{site}/univ/absente.json")
    assert verdict(send(client, json.dumps(document).encode())) == UNREACHED


def test_a_credential_cannot_make_this_site_knock_at_every_door(client, world, elsewhere):
    site, did, pages, asked = elsewhere
    document = foreign(did, f"{did}#cle", f"{site}/0")
    del document["proof"]
    document["credentialStatus"] = [
        {
            **document["credentialStatus"],
            "id": f"{site}/{n}#5",
            "statusListCredential": f"{site}/{n}",
        }
        for n in range(20)
    ]
    for number in range(20):
        pages[f"/{number}"] = listed(f"{site}/{number}", did, ())
    signed = proofs.sign(
        document, FOREIGN_KEY, verification_method=f"{did}#cle", created_at=samples.AT
    )
    assert verdict(send(client, json.dumps(signed).encode())) == UNREACHED
    assert len(asked) <= 3


def test_a_credential_may_be_given_by_its_address_elsewhere(client, world, elsewhere):
    site, _did, pages, _asked = elsewhere
    pages["/badge.json"] = json.dumps(of_key()).encode()
    assert verdict(send(client, text=f"{site}/badge.json")) == INTACT


# --- What is no credential


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "vide"),
        (b"\xff\xd8\xff\xe0 une photo", "format"),
        (b"bonjour", "ni un lien, ni un code"),
        (b"{", "ni un lien, ni un code"),
        (b"[1]", "pas un titre lisible"),
        (b"[" * 100_000, "pas un titre lisible"),
        (b"%PDF-1.7 tronqu", "PDF"),
        (b"\x89PNG\r\n\x1a\n tronqu", "PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Aucun titre dans ce fichier"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><svg>&b;</svg>", "SVG"),
        (b"eyJ.eyJ.eyJ", "jeton"),
        (b"\x00" * 1000, "ni un lien, ni un code"),
    ],
)
def test_what_is_no_credential_gets_a_clear_message(client, world, data, words):
    answer = send(client, data)
    assert answer.status_code == 422
    assert words in read(answer)
    assert verdict(answer) is None


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"@context": [], "type": "VerifiableCredential"},
        {"issuer": 3, "credentialSubject": [], "proof": "x", "@context": {"a": 1}},
        {"issuer": {"id": "did:web:"}, "proof": {"type": "DataIntegrityProof"}},
        {"issuer": "did:web:../../..", "credentialStatus": [None, 1, {}], "validFrom": 0},
    ],
)
def test_json_that_claims_to_be_a_credential_is_judged_without_failing(client, world, document):
    answer = send(client, json.dumps(document).encode())
    assert answer.status_code == 200
    assert verdict(answer) in {INVALID, UNREACHED} or "Nous ne savons pas vérifier" in read(answer)


def test_nothing_at_all_and_too_much_are_refused(client, world):
    assert "Choisissez un fichier" in read(send(client))
    answer = send(client, b"{" + b" " * (10 * 1024 * 1024))
    assert answer.status_code == 422
    assert "dépasse 10 Mo" in read(answer)
    assert send(client, text="{" * 300_000).status_code == 422


def test_too_many_verifications_in_a_minute_are_slowed_down(client, world):
    codes = [send(client, text="bonjour").status_code for _turn in range(31)]
    assert codes == [422] * 30 + [429]


# --- The small engines behind


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7q4m-2kxa-9d3f", "7Q4M-2KXA-9D3F"),
        ("7Q4M 2KXA 9D3F", "7Q4M-2KXA-9D3F"),
        ("7Q4M–2KXA–9D3F", "7Q4M-2KXA-9D3F"),
        ("OIL4 2KXA 9D3F", "0114-2KXA-9D3F"),
        ("7Q4M-2KXA", ""),
        ("7Q4M-2KXU-9D3F", ""),
        ("7Q4M-2KXA-9D3É", ""),
        ("", ""),
    ],
)
def test_a_code_is_read_as_people_type_it(typed, code):
    assert read_code(typed) == code


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("Conduire une équipe sans réserve", ""),
        ("Prendre les armes de la critique", ""),
        ("Acquis chez les Gendarmes", "Gendarmes"),
        ("Période militaire", "militaire"),
        ("Au 14e régiment", "régiment"),
    ],
)
def test_the_words_that_tell_of_the_reserve_are_found(said, word):
    assert telling_word(said) == word
