"""How every call of the CASE provider is answered: JSON, validators, doors open to any site, and
failures in the words of CASE (`imsx_StatusInfo`).
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from reseda.competencies.domain.case.objects import (
    CodeMinorField,
    CodeMinors,
    StatusInfo,
)
from reseda.competencies.domain.case.selection import SELECTION, Refused

logger = logging.getLogger(__name__)

JSON = "application/json"
METHODS = "GET, HEAD, OPTIONS"
ALLOWED = {"Allow": METHODS}
# Published words never change; what is published next may be seen five minutes late.
FRESH = "public, max-age=300"
MOST_ACCEPT = 1_000


@dataclass(frozen=True)
class Answer:
    """What a call found; `changed_at` is None for what is no object of the database."""

    content: msgspec.Struct | Mapping[str, Any]
    changed_at: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Missing(LookupError):
    """Nothing that is published answers; `code` is that of CASE."""

    def __init__(
        self,
        description: str,
        code: str = "unknownobject",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(description)
        self.description, self.code, self.headers = description, code, headers or {}


class Busy(Exception):
    """One address asks for more than the service gives in a minute."""


Call = Callable[..., Answer]
View = Callable[..., HttpResponse]


def served(call: Call) -> View:
    """Make a public page of a call: GET, HEAD and OPTIONS, and never a page of HTML."""

    @login_not_required
    @csrf_exempt
    @wraps(call)
    def view(request: HttpRequest, **named: str) -> HttpResponse:
        return _opened(_answered(request, call, named))

    return view


def _answered(request: HttpRequest, call: Call, named: Mapping[str, str]) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=ALLOWED)
    if request.method not in ("GET", "HEAD"):
        return refuse(405, "This service is read only", major="unsupported", headers=ALLOWED)
    if not _accepts(request):
        return refuse(406, f"Only {JSON} is served", major="unsupported")
    return _tried(request, call, named)


def _tried(request: HttpRequest, call: Call, named: Mapping[str, str]) -> HttpResponse:
    """Answer what a call finds, or why it finds nothing: whatever happens, in JSON."""
    try:
        return _written(request, call(request, **named))
    except Missing as missing:
        return refuse(404, missing.description, missing.code, headers=missing.headers)
    except Busy:
        again = {"Retry-After": "60"}
        return refuse(429, "Ask again in a minute", "server_busy", headers=again)
    except Refused as refused:
        return refuse(400, str(refused), refused.code, parameter=refused.parameter)
    except SuspiciousOperation:
        return refuse(400, "The query cannot be read", SELECTION, parameter="query")
    except Exception:
        logger.exception("A CASE call failed: %s", call.__name__)
        return refuse(500, "The service failed; nothing was changed", "internal_server_error")


def refuse(
    status: int,
    description: str,
    code: str = "",
    *,
    major: str = "failure",
    parameter: str = "sourcedId",
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Answer a failure: an HTTP status, a sentence for developers, the code of CASE if one fits."""
    minor: CodeMinors | msgspec.UnsetType = msgspec.UNSET
    if code:
        part = CodeMinorField(
            imsx_code_minor_field_name=parameter, imsx_code_minor_field_value=code
        )
        minor = CodeMinors(imsx_code_minor_field=[part])
    told = StatusInfo(
        imsx_code_major=major,
        imsx_severity="error",
        imsx_description=description,
        imsx_code_minor=minor,
    )
    return HttpResponse(
        msgspec.json.encode(told),
        content_type=JSON,
        status=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def _accepts(request: HttpRequest) -> bool:
    """Whether the client takes JSON; a list of types that nobody would write is taken as any."""
    asked = request.headers.get("Accept", "")
    if not asked.strip() or len(asked) > MOST_ACCEPT:
        return True
    try:
        return request.accepts(JSON)
    except ValueError:
        return False


def _written(request: HttpRequest, answer: Answer) -> HttpResponse:
    """Write an answer, or say that it has not changed since the client read it."""
    body = msgspec.json.encode(answer.content)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=JSON)
    response["ETag"] = etag
    response["Cache-Control"] = FRESH
    moment = None
    if answer.changed_at is not None:
        moment = int(answer.changed_at.timestamp())
        response["Last-Modified"] = http_date(moment)
    for name, value in answer.headers.items():
        response[name] = value
    known = get_conditional_response(request, etag=etag, last_modified=moment, response=response)
    if known is not None and known.status_code == 412:  # noqa: PLR2004  (precondition failed)
        return refuse(412, "What is served is no longer what the client read")
    return known or response


def _opened(response: HttpResponse) -> HttpResponse:
    """Let programs of any site read this, in a browser too."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = "Accept, If-None-Match, If-Modified-Since"
    response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Link, X-Total-Count"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    # Words are served as they were published, whatever language the reader speaks.
    response["Content-Language"] = "mul"
    return response
