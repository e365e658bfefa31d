"""`./souk demo`: the whole market on this machine. Prepares the folder, then watches over one web server and one worker."""

import argparse
import os
import secrets
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from backend.arguments import whole
from backend.demo.folder import FolderTaken, held, own, reset
from backend.env import ROOT
from backend.supervisor import Child, ChildFailed, Supervisor

SEEDING, SIGN_INS, TOKENS = "seeding", "sign-ins.txt", "sign-ins.json"


class PortTaken(Exception):
    """Something else answers on the port; the message says what to type."""


def main(arguments: list[str]) -> int:
    from backend.env import EnvironmentInvalid
    from core.postgres import PostgresUnavailable

    chosen = _parse(arguments)
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # a shell starts background jobs with SIGINT ignored
        signal.signal(stop, _interrupt)
    try:
        _run(chosen)
    except (EnvironmentInvalid, PostgresUnavailable, PortTaken, FolderTaken, ChildFailed) as problem:
        print(f"souk: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./souk demo", description="The whole market on this machine, with demo data. Ctrl-C ends it.")
    parser.add_argument("--port", type=whole(least=1, most=65535), default=8000, help="the port of the pages (default 8000)")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("SOUK_DATA") or ROOT / ".souk"), help="the folder of the data")
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away and start over")
    parser.add_argument("--empty", action="store_true", help="open a market without people and goods")
    chosen = parser.parse_args(arguments)
    chosen.data = chosen.data.expanduser().absolute()
    return chosen


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _run(chosen: argparse.Namespace) -> None:
    _refuse_taken_port(chosen.port)
    own(chosen.data)
    with held(chosen.data, address=f"http://127.0.0.1:{chosen.port}/"):
        if chosen.reset:
            reset(chosen.data)
        _set_environment(chosen.data, chosen.port)
        try:
            prepare(chosen.data, empty=chosen.empty)
            _serve(chosen.data, chosen.port)
        finally:
            from core import postgres

            signal.signal(signal.SIGINT, signal.SIG_IGN)  # an impatient second Ctrl-C must not leave the database behind
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            postgres.leave(chosen.data, wait=True)


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as problem:
            raise PortTaken(
                f"Port {port} cannot be used ({problem.strerror}). Choose another one: ./souk demo --port {port + 1 if port < 65535 else 8001}"
            ) from None


def _set_environment(data: Path, port: int) -> None:
    """As in production (no debug pages), but over plain HTTP and with the sandbox bank. What the caller has set stays."""
    values = {
        "SOUK_DEBUG": "0",
        "SOUK_ALLOW_SANDBOX": "1",
        "SOUK_URL": f"http://127.0.0.1:{port}",
        "SOUK_SECRET_KEY": _secret(data / "secret-key"),
        "SOUK_SANDBOX_WEBHOOK_SECRET": _secret(data / "sandbox-webhook-secret"),
        "SOUK_LOG_JSON": "0",
    }
    os.environ.update({name: value for name, value in values.items() if name not in os.environ})
    os.environ["SOUK_DATA"] = str(data)


def _secret(file: Path) -> str:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(64))
    return file.read_text()


def prepare(data: Path, *, empty: bool = False) -> None:
    """Database up to date, translations compiled, demo people in it."""
    import django

    django.setup()
    from django.db import connection

    from backend import fresh

    if (data / SEEDING).exists():  # the last seeding was killed half-way; nothing else is in there
        fresh.empty()
        shutil.rmtree(data / "media", ignore_errors=True)
    fresh.migrate_when_embedded()
    if not empty and fresh.nobody_is_here():
        _seed(data)
    connection.close()


def _seed(data: Path) -> None:
    from backend.supervisor import run_once

    print("Filling the market with demo data …", file=sys.stderr, flush=True)
    (data / SEEDING).touch()
    (data / SIGN_INS).write_text(run_once("seed_demo", "--keep", str(data / TOKENS)))
    (data / SEEDING).unlink()


def _serve(data: Path, port: int) -> None:
    address = f"http://127.0.0.1:{port}/"
    web = ["-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port), "backend.asgi:application"]
    with Supervisor(logs=data / "logs") as children:
        children.start(Child("web", web, {"SOUK_PROCESS": "web"}))
        children.start(Child("worker", ["-m", "backend", "worker"], {"SOUK_PROCESS": "worker"}))
        _wait_until_ready(address, children)
        sign_ins = data / SIGN_INS
        print(sign_ins.read_text() if sign_ins.exists() else "", end="")
        print(f"\nSouk is open: {address}\nIts data is in {data}, its logs in {data / 'logs'}. Ctrl-C closes it.", flush=True)
        children.watch()


def _wait_until_ready(address: str, children: Supervisor) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{address}readyz", timeout=3):  # noqa: S310 (our own address)
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            children.check()
            if time.monotonic() > deadline:
                raise ChildFailed(f"The pages do not answer on {address}. Look into the logs.") from None
            time.sleep(0.1)
