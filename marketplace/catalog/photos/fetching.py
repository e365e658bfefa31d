"""Fetches a picture from an address that a stranger wrote, without becoming the stranger's errand boy. No Django.

Only http and https on their own ports; the name is resolved once and every address it has must be a public one; we connect to
the very address that was checked. A redirect is a new address with the same rules. Time and size are bounded.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult, urljoin, urlsplit

from marketplace.catalog.photos.encoding import LARGEST_BYTES

CONNECT_SECONDS = 3.0
READ_SECONDS = 5.0
WHOLE_SECONDS = 20.0
MOST_REDIRECTS = 3
PORTS = {"http": 80, "https": 443}
HEADERS = {"User-Agent": "Souk picture import", "Accept": "image/*", "Connection": "close"}
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Permits = Callable[[IpAddress], bool]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotFetched(Exception):
    """`why`: bad_address | forbidden_address | unknown_host | unreachable | too_slow | too_large | redirects | refused | gone.

    `again` says whether a later try may do better; `host_is_down` that other addresses of this host would fare alike.
    """

    def __init__(self, why: str, *, again: bool = False, host_is_down: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.again = again
        self.host_is_down = host_is_down


def is_public(address: IpAddress) -> bool:
    """An address of the open internet: nothing private, local, shared, mapped, tunnelled, multicast or reserved."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped or address.sixtofour or address.teredo or address in _NAT64:
            return False
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def fetch(address: str, *, permits: Permits = is_public, ports: dict[str, int] | None = None, largest: int = LARGEST_BYTES) -> bytes:
    """The bytes behind the address. `permits` and `ports` are there for tests, which have no public address."""
    until = time.monotonic() + WHOLE_SECONDS
    for _ in range(MOST_REDIRECTS + 1):
        parts = _checked(address, ports or PORTS)
        answer = _answer(parts, permits, until, largest)
        if isinstance(answer, bytes):
            return answer
        address = urljoin(address, answer)
    raise NotFetched("redirects")


def _checked(address: str, ports: dict[str, int]) -> SplitResult:
    try:
        parts = urlsplit(address)
        port = parts.port or ports.get(parts.scheme)
        (parts.hostname or "").encode("idna")
    except (ValueError, UnicodeError):
        raise NotFetched("bad_address") from None
    if parts.scheme not in ports or not parts.hostname or parts.username is not None or parts.password is not None:
        raise NotFetched("bad_address")
    if any(char.isspace() or ord(char) < 32 or ord(char) == 127 for char in address):
        raise NotFetched("bad_address")
    if port != ports[parts.scheme]:
        raise NotFetched("forbidden_address")
    return parts


def _pinned(host: str, port: int, permits: Permits) -> str:
    """The one address we shall connect to. One private address among public ones is a trap, so it spoils them all."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotFetched("unknown_host", again=True, host_is_down=True) from None
    addresses = [str(entry[4][0]) for entry in found]
    try:
        public = all(permits(ipaddress.ip_address(one.split("%")[0])) for one in addresses)
    except ValueError:
        public = False
    if not addresses or not public:
        raise NotFetched("forbidden_address", host_is_down=True)
    return addresses[0]


def _answer(parts: SplitResult, permits: Permits, until: float, largest: int) -> bytes | str:
    """The body, or the place that a redirect names."""
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    pinned = _pinned(host, port, permits)
    try:
        plain = socket.create_connection((pinned, port), timeout=min(CONNECT_SECONDS, max(until - time.monotonic(), 0.1)))
    except OSError:
        raise NotFetched("unreachable", again=True, host_is_down=True) from None
    connection = http.client.HTTPConnection(host, port)
    try:
        with plain:
            plain.settimeout(READ_SECONDS)
            connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if parts.scheme == "https" else plain
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            with _cut_off(connection.sock, until):
                connection.request("GET", path.encode().decode("latin-1"), headers=HEADERS)
                return _read(connection.getresponse(), until, largest)
    except TimeoutError:
        raise NotFetched("too_slow", again=True) from None
    except (OSError, http.client.HTTPException, ValueError):
        raise NotFetched("too_slow" if time.monotonic() >= until else "unreachable", again=True) from None
    finally:
        connection.close()


@contextmanager
def _cut_off(sock: socket.socket, until: float) -> Iterator[None]:
    """A socket's own time-out begins anew with every byte: who drips a header line into it would keep us for days."""
    watch = threading.Timer(max(until - time.monotonic(), 0.1), _hang_up, [sock])
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _read(response: http.client.HTTPResponse, until: float, largest: int) -> bytes | str:
    place = response.getheader("Location")
    if response.status in (301, 302, 303, 307, 308) and place:
        return place
    if response.status != 200:
        raise NotFetched("gone" if response.status in (404, 410) else "refused", again=response.status in (429, 500, 502, 503, 504))
    if int(response.getheader("Content-Length") or 0) > largest:
        raise NotFetched("too_large")
    data = bytearray()
    while block := response.read1(1 << 16):
        data += block
        if len(data) > largest:
            raise NotFetched("too_large")
    if time.monotonic() >= until:  # we hung up, so this is not the whole of it
        raise NotFetched("too_slow", again=True)
    return bytes(data)
