"""The world of these tests, a client for anybody, and a small school server on the loopback."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client

from reseda.people.models import Person
from reseda.timetable.tests import factories as make
from reseda.timetable.tests.calendars import ade

Login = Callable[[Person], Client]


@pytest.fixture
def world(db: None) -> make.World:
    return make.world()


@pytest.fixture
def signed_in(client: Client) -> Login:
    def login(person: Person) -> Client:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return login


@dataclass
class SchoolServer:
    """What the timetable server of a school answers: a body, a tag and a status."""

    address: str
    body: bytes = field(default_factory=lambda: ade(make.year()))
    etag: str = '"one"'
    status: int = 200
    asked_with: list[str] = field(default_factory=list)


@pytest.fixture
def server(settings: object) -> Iterator[SchoolServer]:
    """A real server, which the operator of the site opened by name."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self):
            tag = self.headers.get("If-None-Match", "")
            held.asked_with.append(tag)
            is_same = bool(tag) and tag == held.etag
            body = b"" if is_same else held.body
            self.send_response(304 if is_same else held.status)
            self.send_header("ETag", held.etag)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Say nothing."""

    site = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    settings.FETCH_PORTS = [site.server_port]
    settings.FETCH_TRUSTED_NETWORKS = ["127.0.0.0/8"]
    held = SchoolServer(f"http://127.0.0.1:{site.server_port}/edt.ics?cle=secrete")
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    yield held
    site.shutdown()
    site.server_close()
    thread.join()
