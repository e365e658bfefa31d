"""The embedded PostgreSQL: one cluster in a private folder, shared by every process that uses it.

Only the binaries of the wheel are used. Life and death hang on two file locks, which the kernel drops even after kill -9:
every user holds `users.lock` shared; a small keeper process waits for it exclusively, that is, until nobody is left,
and then stops the server. `start.lock` lets one process at a time create or start the cluster.
"""

from core.postgres.cluster import stop
from core.postgres.places import MARKER, PORT, Places, PostgresUnavailable, Server
from core.postgres.sharing import ensure_running, in_use, is_running, leave, wait_stopped

__all__ = ["MARKER", "PORT", "Places", "PostgresUnavailable", "Server", "ensure_running", "in_use", "is_running", "leave", "stop", "wait_stopped"]
