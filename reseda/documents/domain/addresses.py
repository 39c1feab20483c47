"""Which addresses the site may fetch: public ones only, decided on the IP it will connect to."""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
DEFAULT_PORTS: Mapping[str, int] = {"http": 80, "https": 443}
LONGEST_ADDRESS = 2000

# Public as far as the registries say, yet of no use but to reach inside.
REFUSED_IPV4 = (
    ipaddress.ip_network("192.88.99.0/24"),  # 6to4 relays, RFC 7526
    ipaddress.ip_network("168.63.129.16/32"),  # the host of a virtual machine, on one cloud
)
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # RFC 4291
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
TUNNELS = (
    ipaddress.ip_network("2001::/32"),  # Teredo, RFC 4380
    ipaddress.ip_network("2002::/16"),  # 6to4, RFC 3056
)


@dataclass(eq=False)
class Unfetchable(Exception):
    """An address that was not, or could not be, fetched.

    Codes: `address` (unreadable), `scheme`, `credentials`, `port`, `unresolved`, `inside` (it leads
    to a network that is not public), `downgrade` (https to http), `redirects`, `connection`,
    `certificate`, `slow`, `size`, `encoding`, `protocol`, `status` (fact `status`).
    """

    code: str
    facts: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


@dataclass(frozen=True)
class Target:
    """Where a request goes: `path` holds the query too, and is already percent-encoded."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The address again, without the part after `#`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_usual = self.port == DEFAULT_PORTS[self.scheme]
        return f"{self.scheme}://{host}{'' if is_usual else f':{self.port}'}{self.path}"


def parse(url: str, ports: Iterable[int]) -> Target:
    """Read an http or https address without a password, on one of these ports; or `Unfetchable`."""
    address = url.strip()
    has_control = any(ord(letter) < ord(" ") or letter == "\x7f" for letter in address)
    if len(address) > LONGEST_ADDRESS or has_control:
        raise Unfetchable("address")
    try:
        parts = urlsplit(address)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        name = host if ":" in host else host.encode("idna").decode("ascii")
    except ValueError as error:  # UnicodeError included
        raise Unfetchable("address") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise Unfetchable("scheme", {"scheme": parts.scheme})
    if not name:
        raise Unfetchable("address")
    if parts.username is not None or parts.password is not None:
        raise Unfetchable("credentials")
    chosen = port if port is not None else DEFAULT_PORTS[parts.scheme]
    if chosen not in set(ports):
        raise Unfetchable("port", {"port": chosen})
    query = f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
    return Target(parts.scheme, name, chosen, (quote(parts.path, safe=_KEPT) or "/") + query)


_KEPT = "/%:@!$&'()*+,;=~-._?"


def follow(target: Target, location: str, ports: Iterable[int]) -> Target:
    """Read where a redirect leads, held to the same rules; never from https back to http."""
    following = parse(urljoin(target.url, location), ports)
    if target.scheme == "https" and following.scheme == "http":
        raise Unfetchable("downgrade")
    return following


def is_public(ip: IP) -> bool:
    """Tell whether an IP address belongs to the public Internet, whatever it is wrapped in."""
    if isinstance(ip, ipaddress.IPv4Address):
        is_refused = any(ip in network for network in REFUSED_IPV4)
        return ip.is_global and not ip.is_multicast and not is_refused
    inner = ip.ipv4_mapped or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else None)
    if inner is not None:
        return is_public(inner)
    is_tunnel = any(ip in network for network in TUNNELS)
    return ip in GLOBAL_UNICAST and ip.is_global and not is_tunnel


def reachable(found: Iterable[str], trusted: Iterable[Network] = ()) -> list[str]:
    """Return the IPs one may connect to, in order, provided that all those of the name are allowed.

    One forbidden address among public ones is refused whole: it is the mark of a name that points
    inside. `trusted` are the networks that the operator of the site opened by name.
    """
    ips = [ipaddress.ip_address(text) for text in found]
    if not ips:
        raise Unfetchable("unresolved")
    opened = list(trusted)
    if not all(is_public(ip) or any(ip in network for network in opened) for ip in ips):
        raise Unfetchable("inside")
    return [str(ip) for ip in ips]
