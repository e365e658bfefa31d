"""The embedded server against real kills: nothing here is simulated."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from core import postgres
from core.postgres import cluster

ROOT = Path(__file__).resolve().parents[2]
USE = """
import sys, time
from pathlib import Path
import psycopg
from core import postgres
server = postgres.ensure_running(Path(sys.argv[1]))
with psycopg.connect(**server.conninfo(), autocommit=True) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS seen (who int)")
    connection.execute("INSERT INTO seen VALUES (1)")
print("ready", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    data = tmp_path / "data"
    yield data
    postgres.leave(data, wait=True)
    cluster.stop(data)


def user_of(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", USE, str(folder)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def wait_ready(*users: "subprocess.Popen[str]") -> None:
    for user in users:
        assert user.stdout is not None
        assert user.stdout.readline() == "ready\n"


def eventually(fact: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not fact() and time.monotonic() < deadline:
        time.sleep(0.05)
    return fact()


def rows(folder: Path) -> int:
    with psycopg.connect(**postgres.ensure_running(folder).conninfo()) as connection:  # type: ignore[arg-type]
        found = connection.execute("SELECT count(*) FROM seen").fetchone()
        return int(found[0]) if found else -1


def test_start_is_private_and_durable(folder: Path) -> None:
    server = postgres.ensure_running(folder)
    with psycopg.connect(**server.conninfo()) as connection:  # type: ignore[arg-type]
        settings = dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())
    assert [settings[name] for name in ("fsync", "full_page_writes", "synchronous_commit")] == ["on"] * 3
    assert settings["listen_addresses"] == ""
    assert (folder / "postgres").stat().st_mode & 0o777 == 0o700
    assert (folder / "postgres" / "password").stat().st_mode & 0o777 == 0o600


def test_wrong_password_is_refused(folder: Path) -> None:
    server = postgres.ensure_running(folder)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(**{**server.conninfo(), "password": "guess"})  # type: ignore[arg-type]


def test_two_commands_at_once_share_one_server_and_the_last_stops_it(folder: Path) -> None:
    first, second = user_of(folder), user_of(folder)
    wait_ready(first, second)
    first.communicate("\n")
    time.sleep(0.5)
    assert postgres.is_running(folder)
    second.communicate("\n")
    assert eventually(lambda: not postgres.is_running(folder))


def test_server_stops_when_its_only_user_is_killed(folder: Path) -> None:
    user = user_of(folder)
    wait_ready(user)
    user.kill()
    user.wait()
    assert eventually(lambda: not postgres.is_running(folder))


def test_killed_server_comes_back_with_what_it_confirmed(folder: Path) -> None:
    user = user_of(folder)
    wait_ready(user)
    server = cluster.postmaster(postgres.Places(folder))
    assert server is not None
    server.send_signal(signal.SIGKILL)
    assert eventually(lambda: not postgres.is_running(folder))
    assert rows(folder) == 1
    user.communicate("\n")


def test_stale_pid_file_of_another_process_is_no_obstacle(folder: Path) -> None:
    """After a reboot the number in postmaster.pid may belong to anybody, here: to this test."""
    wait_ready(user := user_of(folder))
    user.communicate("\n")
    assert eventually(lambda: not postgres.is_running(folder))
    postgres.wait_stopped(folder)
    pid_file = postgres.Places(folder).pid_file
    pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n1700000000\n5432\n\n\n\n")
    assert rows(folder) == 1


def test_half_made_cluster_is_made_again(folder: Path) -> None:
    half = folder / "postgres" / "cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    assert postgres.ensure_running(folder)


def test_deep_folder_gets_a_short_socket_path(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 20) / "er"
    try:
        assert len(postgres.ensure_running(deep).host) < 90
    finally:
        postgres.leave(deep, wait=True)


def test_folder_of_somebody_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(postgres.PostgresUnavailable, match="not empty"):
        postgres.ensure_running(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.txt"]


def test_folder_below_a_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(postgres.PostgresUnavailable, match="--data"):
        postgres.ensure_running(tmp_path / "file" / "data")


def test_cluster_of_another_version_is_explained(folder: Path) -> None:
    made = postgres.Places(folder).cluster
    made.mkdir(parents=True)
    (made / "PG_VERSION").write_text("15\n")
    with pytest.raises(postgres.PostgresUnavailable, match="PostgreSQL 15"):
        postgres.ensure_running(folder)


def test_keeper_and_server_leave_no_process(folder: Path) -> None:
    wait_ready(user := user_of(folder))
    user.communicate("\n")

    def nobody() -> bool:
        return not [
            p for p in psutil.process_iter(["cmdline", "status"]) if p.info["status"] != "zombie" and str(folder) in (p.info["cmdline"] or [])
        ]

    assert eventually(nobody)
