"""Every path of an embedded cluster, and how to reach its server."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

MAJOR = "18"
PORT = 5432
USER = DATABASE = "souk"
SOCKET_PATH_LIMIT = 100  # the kernel's limit is 103 to 107 bytes
MARKER = ".souk-data"
START_SECONDS = 60


class PostgresUnavailable(Exception):
    """The embedded server cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    password: str

    def conninfo(self, database: str = DATABASE) -> dict[str, str | int]:
        return {"host": self.host, "port": PORT, "user": USER, "password": self.password, "dbname": database}


@dataclass(frozen=True, slots=True)
class Places:
    """Every path of one embedded cluster."""

    data: Path

    @property
    def home(self) -> Path:
        return self.data / "postgres"

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def password(self) -> Path:
        return self.home / "password"

    @property
    def pid_file(self) -> Path:
        return self.cluster / "postmaster.pid"

    @property
    def sockets(self) -> Path:
        near = self.home / "run"
        if len(os.fsencode(near / f".s.PGSQL.{PORT}.lock")) <= SOCKET_PATH_LIMIT:
            return near
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        base = os.environ.get("XDG_RUNTIME_DIR", "")
        if not base or len(base) > 50 or not os.access(base, os.W_OK):
            base = "/tmp"  # noqa: S108 (the folder below is ours alone, and checked)
        return Path(base) / f"souk-{os.getuid()}-{digest}"

    def lock(self, name: str) -> Path:
        return self.home / f"{name}.lock"
