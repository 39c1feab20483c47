"""`reseda credentials verify`: exit codes, JSON, and where the issuer's documents come from."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from reseda.credentials.domain.dids import did_document
from reseda.credentials.tests import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(tmp_path):
    """Files as a person would keep them: the school's documents and a place for the credential."""

    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else samples.text(content))
        return str(path)

    write.did = write("did.json", did_document(samples.DID, samples.SCHOOL_KEYS))
    write.status = write("liste.json", samples.published_list())
    return write


def run(*arguments):
    """Exit code, standard output and standard error of the command."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("credentials_verify", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("carrier", samples.CARRIERS)
def test_a_good_credential_ends_with_0_without_network(written, carrier):
    path = written("titre", samples.CARRIERS[carrier]())
    code, out, err = run(
        path, "--json", "--offline", "--did", written.did, "--status", written.status
    )
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["is_valid"] is True
    assert found["issuer"]["is_trusted"] is True
    assert found["carrier"] == carrier


def test_a_revoked_credential_ends_with_1_and_says_why(written):
    revoked = written("revoquee.json", samples.published_list({samples.INDEX}))
    path = written("titre.json", samples.JSON)
    code, out, _ = run(path, "--offline", "--did", written.did, "--status", revoked)
    found = json.loads(out)
    assert (code, found["is_valid"]) == (1, False)
    assert found["checks"][-1]["detail"]["code"] == "revoked"


def test_without_its_status_list_a_credential_is_not_valid(written):
    path = written("titre.json", samples.JSON)
    code, out, _ = run(path, "--offline", "--did", written.did)
    assert code == 1
    assert json.loads(out)["checks"][-1]["detail"]["code"] == "status_unavailable"


@pytest.mark.parametrize("content", [b"{}", samples.JSON.replace(b"groupe", b"troupe")])
def test_an_altered_or_empty_credential_ends_with_1(written, content):
    path = written("titre.json", content)
    code, out, _ = run(path, "--offline", "--did", written.did, "--status", written.status)
    assert (code, json.loads(out)["is_valid"]) == (1, False)


def test_the_network_is_only_asked_over_https_and_not_inside(written):
    # The school of the tests lives on port 8123 of this machine: both are refused.
    code, out, err = run(written("titre.json", samples.JSON))
    assert code == 1
    assert json.loads(out)["checks"][4]["detail"]["code"] == "issuer_unavailable"
    assert "https://localhost:8123/ecoles/demo/did.json" in err


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'{"id": 1,\n  "name" 2}', "ligne 2, colonne 10"),
        (b"[]", "titre"),
        (b"\xff\xd8\xff", "titre"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "titre"),
    ],
)
def test_a_file_that_is_no_credential_ends_with_2_and_one_line(written, content, place):
    path = written("titre", content)
    code, out, err = run(path, "--offline")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert path in err
    assert place in err


def test_an_absent_file_or_a_wrong_document_ends_with_2_and_its_name(written, tmp_path):
    good = written("titre.json", samples.JSON)
    for arguments, name in (
        ([str(tmp_path / "absent.json")], "absent.json"),
        ([good, "--did", str(tmp_path / "absent.json")], "absent.json"),
        ([good, "--did", written("did2.json", b"{")], "did2.json"),
        ([good, "--did", written("did3.json", b'{"id": "did:key:z6Mk"}')], "did3.json"),
        ([good, "--status", written("liste2.json", b"{}")], "liste2.json"),
    ):
        code, out, err = run(*arguments, "--offline")
        assert (code, out) == (2, "")
        assert name in err
