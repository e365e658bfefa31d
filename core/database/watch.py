"""Hangs up on a database that took a question and says nothing any more.

Time limits of the server cannot help when the server itself hangs, and those of the network cannot while some machine between
still confirms every packet. What the kernel knows of a TCP connection tells the difference, and costs the questions nothing.
Linux only; elsewhere, and on a socket in the file system, nothing is watched.
"""

from __future__ import annotations

import os
import socket
import struct
import threading
import time
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from psycopg.pq import TransactionStatus

log = structlog.get_logger(__name__)
EVERY_SECONDS = 1.0
_AGES = struct.Struct("=3I")  # of struct tcp_info: since data was sent, an acknowledgement was sent, data was received; milliseconds
_AGES_AT = 44
_watched: WeakKeyDictionary[Any, float] = WeakKeyDictionary()
_lock = threading.Lock()
_watcher: threading.Thread | None = None


def watch(connection: Any, *, seconds: float) -> None:
    """From now on this connection is cut when it owes an answer and was silent for so long."""
    global _watcher
    if not hasattr(socket, "TCP_INFO"):
        return
    with _lock:
        _watched[connection] = seconds
        if _watcher is None or not _watcher.is_alive():  # a fork leaves threads behind
            _watcher = threading.Thread(target=_look_for_ever, name="database-watch", daemon=True)
            _watcher.start()


def _look_for_ever() -> None:
    while True:
        time.sleep(EVERY_SECONDS)
        with _lock:
            known = list(_watched.items())
        for connection, seconds in known:
            with suppress(Exception):  # closed while we looked
                _look(connection, seconds)
        del known  # else the last ones would live as long as we sleep


def _look(connection: Any, seconds: float) -> None:
    if connection.closed or connection.pgconn.transaction_status != TransactionStatus.ACTIVE:
        return
    with socket.socket(fileno=os.dup(connection.fileno())) as line:
        if line.family not in (socket.AF_INET, socket.AF_INET6) or line.getpeername()[1] != connection.info.port:
            return
        sent, _acknowledged, received = _AGES.unpack_from(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104), _AGES_AT)
        if min(sent, received) > seconds * 1000:
            log.warning("database_silent", seconds=min(sent, received) // 1000)
            line.shutdown(socket.SHUT_RDWR)
