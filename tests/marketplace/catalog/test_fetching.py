"""The fetcher goes to public addresses only, to the very one it looked at, and not for ever."""

import contextlib
import http.server
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from marketplace.catalog.photos import fetching
from marketplace.catalog.photos.fetching import NotFetched, fetch, is_public

PNG = b"\x89PNG" + b"x" * 100


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        place = {"/away": "http://127.0.0.1:9/x", "/inside": "http://169.254.169.254/latest/", "/round": "/round"}.get(self.path)
        self.send_response(302 if place else 404 if self.path == "/gone" else 200)
        if place:
            self.send_header("Location", place)
        self.end_headers()
        if self.path == "/large":
            self.wfile.write(b"x" * 5000)
        elif not place:
            self.wfile.write(PNG)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()


def here(address: fetching.IpAddress) -> bool:
    return str(address) == "127.0.0.1"


def why(address: str, **options: object) -> str:
    with pytest.raises(NotFetched) as failed:
        fetch(address, **options)  # type: ignore[arg-type]
    return failed.value.why


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1",
        "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a00:1", "2002:a00:1::", "fec0::1",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_addresses_outside_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://127.0.0.1/a.png", "forbidden_address"),
        ("http://localhost/a.png", "forbidden_address"),
        ("http://2130706433/a.png", "forbidden_address"),
        ("http://0x7f.1/a.png", "forbidden_address"),
        ("http://[::1]/a.png", "forbidden_address"),
        ("http://169.254.169.254/latest/meta-data/", "forbidden_address"),
        ("http://8.8.8.8:22/", "forbidden_address"),
        ("ftp://8.8.8.8/a.png", "bad_address"),
        ("file:///etc/passwd", "bad_address"),
        ("http://user:secret@8.8.8.8/", "bad_address"),
        ("http:///a.png", "bad_address"),
        ("http://8.8.8.8/a b", "bad_address"),
        ("http://[broken/", "bad_address"),
        ("http://" + "a" * 80 + ".example/", "bad_address"),
    ],
)
def test_refuses_without_connecting(address: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connected(*_: object, **__: object) -> None:
        raise AssertionError("it went there")

    monkeypatch.setattr(socket, "create_connection", connected)
    assert why(address) == reason


def test_fetches_where_it_may(port: int) -> None:
    assert fetch(f"http://127.0.0.1:{port}/a.png", permits=here, ports={"http": port}) == PNG


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/gone", "gone"), ("/away", "forbidden_address"), ("/inside", "forbidden_address"), ("/round", "redirects"), ("/large", "too_large")],
)
def test_gives_up_for_a_reason(port: int, path: str, reason: str) -> None:
    assert why(f"http://127.0.0.1:{port}{path}", permits=here, ports={"http": port}, largest=1000) == reason


def test_one_private_address_of_a_name_spoils_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert why("http://pictures.example/a.png") == "forbidden_address"


def test_the_name_is_looked_up_once(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    """A name that points elsewhere the second time gains nothing: we connect to what we looked at."""
    asked: list[str] = []

    def lookup(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", port))]

    went: list[str] = []

    def connected(address: tuple[str, int], *rest: object, **options: object) -> socket.socket:
        went.append(address[0])
        plain = socket.socket()
        plain.connect(address)
        return plain

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", connected)
    assert fetch(f"http://pictures.example:{port}/a.png", permits=here, ports={"http": port}) == PNG
    assert (asked, went) == (["pictures.example"], ["127.0.0.1"])


def test_a_header_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every byte begins the socket's time-out anew; the whole may still not take longer than it may."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def drip() -> None:
        taken, _ = listener.accept()
        with taken, contextlib.suppress(OSError):
            taken.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
            for _ in range(100):
                taken.sendall(b"x")
                time.sleep(0.1)

    threading.Thread(target=drip, daemon=True).start()
    monkeypatch.setattr(fetching, "WHOLE_SECONDS", 0.5)
    began = time.monotonic()
    assert why(f"http://127.0.0.1:{port}/a.png", permits=here, ports={"http": port}) == "too_slow"
    assert time.monotonic() - began < 5
    listener.close()
