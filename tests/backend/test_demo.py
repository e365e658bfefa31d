"""`./souk demo` as its user meets it: real processes, real signals."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from backend.demo import folder
from backend.env import ROOT

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


started: "list[subprocess.Popen[str]]" = []


@pytest.fixture(autouse=True)
def _leave_no_demo_behind() -> Iterator[None]:
    """Also when a test fails half-way."""
    yield
    for demo in started:
        if demo.poll() is None:
            demo.kill()  # its children follow by themselves
            demo.wait(30)
    started.clear()


def start(data: Path, port: int, *more: str) -> "subprocess.Popen[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SOUK_", "DJANGO_", "PYTEST"))}
    command = [sys.executable, "-m", "backend", "demo", "--port", str(port), "--data", str(data), "--empty", *more]
    demo = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    started.append(demo)
    return demo


def wait_open(demo: "subprocess.Popen[str]", port: int) -> None:
    deadline = time.monotonic() + 150
    while True:
        assert demo.poll() is None, demo.communicate()[0]
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=3).close()
            return
        except (urllib.error.URLError, OSError):
            assert time.monotonic() < deadline, "the demo does not open"
            time.sleep(0.2)


def processes_of(data: Path, port: int) -> list[str]:
    def is_its(process: psutil.Process) -> bool:
        words = process.info["cmdline"] or []
        return process.info["status"] != psutil.STATUS_ZOMBIE and (any(str(data) in word for word in words) or str(port) in words)

    return [" ".join(process.info["cmdline"]) for process in psutil.process_iter(["cmdline", "status"]) if is_its(process)]


def nothing_left(data: Path, port: int, seconds: float) -> list[str]:
    deadline = time.monotonic() + seconds
    while (left := processes_of(data, port)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An empty market: seeding is tested where it is written."""
    return tmp_path / "market"


def test_demo_opens_refuses_twins_and_leaves_nothing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    demo = start(data, port)
    wait_open(demo, port)
    twin_of_folder, twin_of_port = start(data, free_port()), start(data.with_name("other"), port)
    assert "open with this folder already" in twin_of_folder.communicate(timeout=60)[0]
    assert f"Port {port} cannot be used" in twin_of_port.communicate(timeout=60)[0]
    assert (twin_of_folder.returncode, twin_of_port.returncode) == (2, 2)
    demo.send_signal(signal.SIGTERM)
    said = demo.communicate(timeout=60)[0]
    assert demo.returncode == 0
    assert f"http://127.0.0.1:{port}/" in said
    assert nothing_left(data, port, seconds=0.5) == []


def test_killed_demo_takes_its_children_along_and_comes_back(data: Path) -> None:
    port = free_port()
    demo = start(data, port)
    wait_open(demo, port)
    secret = (data / "secret-key").read_text()
    demo.kill()
    demo.communicate()
    assert nothing_left(data, port, seconds=30) == []
    again = start(data, port)
    wait_open(again, port)
    again.send_signal(signal.SIGINT)
    again.communicate(timeout=150)
    assert again.returncode == 0
    assert (data / "secret-key").read_text() == secret


def test_reset_keeps_its_hands_off_strange_folders(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    demo = start(tmp_path, free_port(), "--reset")
    assert "not made by Souk" in demo.communicate(timeout=60)[0]
    assert demo.returncode == 2
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_reset_empties_only_our_own_folder(tmp_path: Path) -> None:
    folder.own(tmp_path)
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "photo").touch()
    folder.reset(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == [".souk-data"]
