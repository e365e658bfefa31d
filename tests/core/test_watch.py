"""A database that hangs with the question in its hand is left, not waited for."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection as ours

from core.database.watch import watch


class Swallowing:
    """Stands between us and PostgreSQL; when told to, it takes everything and passes nothing on."""

    def __init__(self, folder: str, port: str) -> None:
        self.swallows = False
        self._target = f"{folder}/.s.PGSQL.{port}"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._target)
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(1 << 16):
                if not self.swallows:
                    other.sendall(data)
            other.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def between(db: None) -> Iterator[Swallowing]:
    known = ours.get_connection_params()
    if not str(known["host"]).startswith("/"):
        pytest.skip("the database does not listen in the file system")
    proxy = Swallowing(str(known["host"]), str(known["port"]))
    yield proxy
    proxy.close()


def through(proxy: Swallowing) -> psycopg.Connection[tuple[object, ...]]:
    known = ours.get_connection_params()
    who = {"user": known["user"], "password": known.get("password"), "dbname": known["dbname"]}
    return psycopg.connect(host="127.0.0.1", port=proxy.port, autocommit=True, sslmode="disable", **who)


@pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="only Linux tells how long a connection was silent")
def test_a_silent_database_is_left_after_a_while(between: Swallowing) -> None:
    with through(between) as connection:
        watch(connection, seconds=1)
        assert connection.execute("SELECT 1 FROM pg_sleep(0.1)").fetchone() == (1,)
        between.swallows = True
        began = time.monotonic()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
        assert 0.9 < time.monotonic() - began < 8


@pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="only Linux tells how long a connection was silent")
def test_one_that_rests_or_was_just_asked_is_left_in_peace(between: Swallowing) -> None:
    with through(between) as connection:
        watch(connection, seconds=1)
        connection.execute("SELECT 1")
        time.sleep(2.5)
        assert connection.execute("SELECT 2 FROM pg_sleep(0.5)").fetchone() == (2,)
