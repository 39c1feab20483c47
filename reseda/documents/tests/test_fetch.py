"""No address given by anybody reaches inside; a public one is fetched within its limits."""

import gzip
import ipaddress
import ssl
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from reseda.documents.domain.addresses import Unfetchable, follow, is_public, parse, reachable
from reseda.documents.http.fetch import Gate, fetch, fetch_through

WEB = (80, 443)
LOOPBACK = (ipaddress.ip_network("127.0.0.1/32"),)
PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
    "0.0.0.0",  # noqa: S104  (an address to refuse)
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "168.63.129.16",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "2001::1",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "100::1",
]


@pytest.mark.parametrize("ip", PRIVATE)
def test_an_address_that_is_not_public_is_refused_in_whatever_form(ip):
    with pytest.raises(Unfetchable, match="inside"):
        reachable([ip])


@pytest.mark.parametrize(
    "ip", ["8.8.8.8", "193.48.1.1", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_a_public_address_is_accepted(ip):
    assert is_public(ipaddress.ip_address(ip))
    assert reachable([ip]) == [str(ipaddress.ip_address(ip))]


def test_a_name_with_one_private_address_among_public_ones_is_refused():
    with pytest.raises(Unfetchable, match="inside"):
        reachable(["8.8.8.8", "10.0.0.1"])


def test_a_network_opened_by_the_operator_is_reached_and_no_other():
    school = [ipaddress.ip_network("10.20.0.0/16")]
    assert reachable(["10.20.1.1"], school) == ["10.20.1.1"]
    with pytest.raises(Unfetchable, match="inside"):
        reachable(["10.21.1.1"], school)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://example.org/a", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://example.org/", "scheme"),
        ("example.org/a", "scheme"),
        ("http://", "address"),
        ("http://example.org:99999/", "address"),
        ("http://[::1/", "address"),
        ("http://example.org/\r\nHost: inside", "address"),
        ("http://" + "a" * 300 + ".org/", "address"),
        ("https://example.org/" + "a" * 3000, "address"),
        ("http://camille:secret@example.org/", "credentials"),
        ("http://@example.org/", "credentials"),
        ("http://example.org:22/", "port"),
        ("http://example.org:0/", "port"),
    ],
)
def test_an_address_that_cannot_be_that_of_a_site_is_refused(url, code):
    with pytest.raises(Unfetchable) as refused:
        parse(url, WEB)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("  HTTPS://Ade.Example.ORG./a b?c=é#d ", "https://ade.example.org/a%20b?c=%C3%A9"),
        ("http://école.example", "http://xn--cole-9oa.example/"),
        ("https://example.org:80/x%20y", "https://example.org:80/x%20y"),
        ("http://[2001:4860::1]/", "http://[2001:4860::1]/"),
    ],
)
def test_an_address_is_read_as_a_browser_would(url, clean):
    assert parse(url, WEB).url == clean


def test_a_redirect_never_goes_back_from_https_to_http():
    start = parse("https://example.org/a/b", WEB)
    assert follow(start, "../c", WEB).url == "https://example.org/c"
    with pytest.raises(Unfetchable, match="downgrade"):
        follow(start, "http://example.org/", WEB)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "017700000001", "127.1", "localhost"])
def test_loopback_written_otherwise_is_still_refused(host):
    gate = Gate(resolver=lambda _host, _port: ["127.0.0.1"])
    with pytest.raises(Unfetchable, match="inside"):
        fetch_through(gate, f"http://{host}/")


def test_by_default_the_site_s_own_server_is_refused(server):
    with pytest.raises(Unfetchable, match="port"):
        fetch(f"http://127.0.0.1:{server}/ok")
    with pytest.raises(Unfetchable, match="inside"):
        fetch("http://127.0.0.1/ok")


class Pages(BaseHTTPRequestHandler):
    """A small site with good and bad manners."""

    protocol_version = "HTTP/1.1"
    leave = threading.Event()
    seen: list[dict[str, str]] = []

    def do_GET(self):
        Pages.seen.append(dict(self.headers) | {"path": self.path})
        getattr(self, "page_" + self.path.strip("/").split("?")[0].split("/")[0])()

    def log_message(self, *_):
        """Say nothing."""

    def answer(self, body=b"", status=200, **headers):
        self.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def page_ok(self):
        if self.headers.get("If-None-Match") == '"one"':
            return self.answer(status=304, ETag='"one"')
        return self.answer(b"hello", ETag='"one"', Content_Type="text/calendar; charset=utf-8")

    def page_gzip(self):
        self.answer(gzip.compress(b"hello"), Content_Encoding="gzip")

    def page_bomb(self):
        self.answer(gzip.compress(bytes(2_000_000)), Content_Encoding="gzip")

    def page_cutgzip(self):
        self.answer(gzip.compress(b"hello" * 100)[:-9], Content_Encoding="gzip")

    def page_brotli(self):
        self.answer(b"xx", Content_Encoding="br")

    def page_big(self):
        self.answer(bytes(200_000))

    def page_endless(self):
        self.send_response(200)
        self.end_headers()
        while not Pages.leave.is_set():
            try:
                self.wfile.write(bytes(65536))
            except OSError:
                break
        self.close_connection = True

    def page_short(self):
        self.answer(b"hello", Content_Length="50")
        self.close_connection = True

    def page_missing(self):
        self.answer(b"no", status=404)

    def page_drip(self):
        self.send_response(200)
        self.end_headers()
        while not Pages.leave.wait(0.02):
            try:
                self.wfile.write(b"x")
                self.wfile.flush()
            except OSError:
                break
        self.close_connection = True

    def page_dripheaders(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not Pages.leave.wait(0.02):
            try:
                self.wfile.write(b"X: x\r\n")
                self.wfile.flush()
            except OSError:
                break
        self.close_connection = True

    def page_hop(self):
        self.answer(status=302, Location="/ok")

    def page_loop(self):
        self.answer(status=302, Location="/loop")

    def page_inside(self):
        self.answer(status=302, Location=f"http://inside.example:{self.server.server_port}/ok")

    def page_tofile(self):
        self.answer(status=302, Location="file:///etc/passwd")

    def page_nowhere(self):
        self.answer(status=302)


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A caller who hangs up is what these tests are about."""


@pytest.fixture(scope="module")
def server():
    site = QuietServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site.server_port
    Pages.leave.set()
    site.shutdown()
    site.server_close()
    thread.join()


def resolver(host, _port):
    return ["127.0.0.2"] if host == "inside.example" else ["127.0.0.1"]


def get(port, path, **options):
    gate = Gate(frozenset({port}), LOOPBACK, resolver)
    return fetch_through(gate, f"http://ade.example:{port}/{path}", **options)


def test_a_page_is_fetched_from_the_checked_address_under_its_own_name(server):
    answer = get(server, "ok?week=3&x=a b")
    assert (answer.status, answer.body, answer.etag) == (200, b"hello", '"one"')
    assert answer.content_type == "text/calendar"
    assert Pages.seen[-1]["Host"] == f"ade.example:{server}"
    assert Pages.seen[-1]["path"] == "/ok?week=3&x=a%20b"


def test_a_name_is_resolved_once_so_that_it_cannot_change_its_mind(server):
    answers = iter([["127.0.0.1"]])
    gate = Gate(frozenset({server}), LOOPBACK, lambda _host, _port: next(answers))
    assert fetch_through(gate, f"http://ade.example:{server}/ok").body == b"hello"


def test_an_address_that_does_not_answer_gives_way_to_the_next_one(server):
    networks = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
    gate = Gate(frozenset({server}), networks, lambda _host, _port: ["::1", "127.0.0.1"])
    assert fetch_through(gate, f"http://ade.example:{server}/ok").body == b"hello"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate for ade.example alone, signed by itself."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ade.example")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("ade.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "site.pem"
    encoding = serialization.Encoding.PEM
    file.write_bytes(
        certificate.public_bytes(encoding)
        + key.private_bytes(
            encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return file


@pytest.fixture
def secure(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority)
    site = QuietServer(("127.0.0.1", 0), Pages)
    site.socket = context.wrap_socket(site.socket, server_side=True)
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site.server_port
    site.shutdown()
    site.server_close()
    thread.join()


def get_secure(port, host, certificates):
    gate = Gate(frozenset({port}), LOOPBACK, resolver, certificates)
    return fetch_through(gate, f"https://{host}:{port}/ok")


def test_the_certificate_is_checked_against_the_name_though_the_ip_is_dialled(secure, authority):
    trusting = ssl.create_default_context(cafile=str(authority))
    assert get_secure(secure, "ade.example", trusting).body == b"hello"
    with pytest.raises(Unfetchable, match="certificate"):
        get_secure(secure, "other.example", trusting)
    with pytest.raises(Unfetchable, match="certificate"):
        get_secure(secure, "ade.example", None)


def test_an_unchanged_content_costs_nothing(server):
    answer = get(server, "ok", etag='"one"')
    assert (answer.status, answer.body) == (304, b"")


def test_a_compressed_content_is_opened(server):
    assert get(server, "gzip").body == b"hello"


def test_a_redirect_is_followed(server):
    assert get(server, "hop").body == b"hello"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("big", "size"),
        ("bomb", "size"),
        ("endless", "size"),
        ("cutgzip", "protocol"),
        ("brotli", "encoding"),
        ("short", "protocol"),
        ("missing", "status"),
        ("loop", "redirects"),
        ("inside", "inside"),
        ("tofile", "scheme"),
    ],
)
def test_a_site_with_bad_manners_is_left(server, path, code):
    with pytest.raises(Unfetchable) as refused:
        get(server, path, limit=100_000)
    assert refused.value.code == code


@pytest.mark.parametrize("path", ["drip", "dripheaders"])
def test_a_site_that_drips_its_bytes_is_left_when_the_time_is_up(server, path):
    with pytest.raises(Unfetchable, match="slow"):
        get(server, path, seconds=0.3)


def test_a_site_that_does_not_answer_is_told_so():
    with pytest.raises(Unfetchable, match="connection"):
        get(1, "ok")


def test_a_name_nobody_bears_is_told_so():
    gate = Gate(resolver=lambda _host, _port: [])
    with pytest.raises(Unfetchable, match="unresolved"):
        fetch_through(gate, "http://nobody.example/")
