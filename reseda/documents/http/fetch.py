"""Fetching an address given by somebody, without letting it reach inside our own network.

The standard `http.client` and `ssl` are used rather than a client library: the IP address that was
checked must be the very one connected to (a second resolution could answer something else), with
the name kept for the Host header, for SNI and for the certificate. Libraries hide that step, follow
redirects by themselves and read proxies from the environment; here each is one visible line.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings

from reseda.documents.domain.addresses import (
    DEFAULT_PORTS,
    Network,
    Target,
    Unfetchable,
    follow,
    parse,
    reachable,
)

MIB = 1024 * 1024
MOST_REDIRECTS = 3
MOST_ADDRESSES = 4
CHUNK = 64 * 1024
REDIRECTS = (301, 302, 303, 307, 308)
NOT_MODIFIED = 304
Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Fetched:
    """An answer 200, or 304 with an empty body when the content is that of the given `etag`."""

    status: int
    body: bytes
    etag: str
    content_type: str


def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of a name, in the order in which the system prefers them."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unfetchable("unresolved") from error
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True)
class Gate:
    """What may be reached: ports, networks opened by the operator, how names are resolved."""

    ports: frozenset[int] = frozenset(DEFAULT_PORTS.values())
    trusted: tuple[Network, ...] = ()
    resolver: Resolver = resolve
    certificates: ssl.SSLContext | None = None

    @classmethod
    def of_settings(cls) -> "Gate":
        """Read `FETCH_PORTS` and `FETCH_TRUSTED_NETWORKS` (both absent by default)."""
        ports = getattr(settings, "FETCH_PORTS", None) or DEFAULT_PORTS.values()
        trusted = getattr(settings, "FETCH_TRUSTED_NETWORKS", ())
        return cls(frozenset(ports), tuple(ipaddress.ip_network(text) for text in trusted))


def fetch(url: str, *, etag: str = "", limit: int = 10 * MIB, seconds: float = 10) -> Fetched:
    """Fetch a public address, or raise `Unfetchable`.

    `limit` bounds the bytes both as they arrive and once decompressed; `seconds` bounds the whole,
    redirects included (the resolution of the name keeps the system's own limit). With `etag`, an
    unchanged content comes back as status 304.
    """
    return fetch_through(Gate.of_settings(), url, etag=etag, limit=limit, seconds=seconds)


def fetch_through(
    gate: Gate, url: str, *, etag: str = "", limit: int = 10 * MIB, seconds: float = 10
) -> Fetched:
    """Fetch through a gate: every redirect is held to the same rules as the first address."""
    deadline = time.monotonic() + seconds
    target = parse(url, gate.ports)
    for _hop in range(MOST_REDIRECTS + 1):
        with _answer(gate, target, etag, deadline) as answer:
            if answer.status not in REDIRECTS:
                return _read(answer, limit, deadline)
            location = answer.getheader("Location", "")
        target = follow(target, location, gate.ports)
    raise Unfetchable("redirects", {"most": MOST_REDIRECTS})


@contextlib.contextmanager
def _answer(
    gate: Gate, target: Target, etag: str, deadline: float
) -> Iterator[http.client.HTTPResponse]:
    """Ask once; every failure of the wire, slowness included, comes out as `Unfetchable`."""
    ips = reachable(gate.resolver(target.host, target.port), gate.trusted)[:MOST_ADDRESSES]
    left = deadline - time.monotonic()
    if left <= 0:
        raise Unfetchable("slow")
    connection = http.client.HTTPConnection(target.host, target.port, timeout=left)
    try:
        sock = _connect(gate, target, ips, left)
        connection.sock = sock
        # A server that drips bytes resets a time-out at each of them: the clock closes the line.
        clock = threading.Timer(deadline - time.monotonic(), _hang_up, [sock])
        clock.daemon = True
        clock.start()
        try:
            connection.request("GET", target.path, headers=_headers(etag))
            with contextlib.closing(connection.getresponse()) as answer:
                yield answer
        finally:
            clock.cancel()
    except ssl.SSLCertVerificationError as error:
        raise Unfetchable("certificate") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        is_late = isinstance(error, TimeoutError) or time.monotonic() >= deadline
        is_talk = isinstance(error, http.client.HTTPException | ValueError)
        code = "slow" if is_late else "protocol" if is_talk else "connection"
        raise Unfetchable(code) from error
    finally:
        connection.close()


def _connect(gate: Gate, target: Target, ips: list[str], left: float) -> socket.socket:
    """Open the line to the first checked IP that answers, under the name of the target."""
    line = _line(ips, target.port, left / len(ips))
    line.settimeout(left)
    if target.scheme == "http":
        return line
    context = gate.certificates or ssl.create_default_context()
    try:
        return context.wrap_socket(line, server_hostname=target.host)
    except BaseException:
        line.close()
        raise


def _line(ips: list[str], port: int, seconds: float) -> socket.socket:
    """Try each IP in turn: a name may have addresses of a family this machine cannot reach."""
    for ip in ips[:-1]:
        with contextlib.suppress(OSError):
            return socket.create_connection((ip, port), timeout=seconds)
    return socket.create_connection((ips[-1], port), timeout=seconds)


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        # Not the method of an SSL socket, which would tear its state from under the reader.
        socket.socket.shutdown(line, socket.SHUT_RDWR)


def _headers(etag: str) -> dict[str, str]:
    headers = {
        "Accept": "*/*",
        "Accept-Encoding": "gzip",
        "User-Agent": "Reseda",
        "Connection": "close",
    }
    return headers | {"If-None-Match": etag} if etag else headers


def _read(answer: http.client.HTTPResponse, limit: int, deadline: float) -> Fetched:
    etag = answer.getheader("ETag", "")
    content_type = answer.getheader("Content-Type", "").split(";")[0].strip().lower()
    if answer.status == NOT_MODIFIED:
        return Fetched(NOT_MODIFIED, b"", etag, content_type)
    if answer.status != http.HTTPStatus.OK:
        raise Unfetchable("status", {"status": answer.status})
    encoding = answer.getheader("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise Unfetchable("encoding", {"encoding": encoding[:40]})
    body = _body(answer, limit, deadline, is_zipped="gzip" in encoding)
    return Fetched(answer.status, body, etag, content_type)


def _body(
    answer: http.client.HTTPResponse, limit: int, deadline: float, *, is_zipped: bool
) -> bytes:
    """Read to the end by chunks: neither the wire nor the unzipped bytes pass the limit."""
    unzip = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS) if is_zipped else None
    body, received = bytearray(), 0
    while chunk := answer.read1(CHUNK):
        received += len(chunk)
        try:
            body += unzip.decompress(chunk, limit + 1 - len(body)) if unzip else chunk
        except zlib.error as error:
            raise Unfetchable("encoding", {"encoding": "gzip"}) from error
        if received > limit or len(body) > limit:
            raise Unfetchable("size", {"limit": limit})
        if time.monotonic() >= deadline:
            raise Unfetchable("slow")
    if time.monotonic() >= deadline:
        raise Unfetchable("slow")
    if answer.length or (unzip and not unzip.eof):
        raise Unfetchable("protocol")
    return bytes(body)
