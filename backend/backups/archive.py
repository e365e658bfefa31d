"""The file itself: written once, front to back, and believed only when every checksum in it is right."""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any

from backend.backups import BackupRefused

FORMAT = 1
DATABASE, MANIFEST, MEDIA = "database.dump", "manifest.json", "media/"
CHUNK = 1 << 20


@dataclass
class Writer:
    tar: tarfile.TarFile
    digests: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, file: Path) -> bool:
        """False when the file is gone, or there already."""
        if name in self.digests:
            return False
        try:
            with file.open("rb") as source:
                self.digests[name] = _digest(source)
                source.seek(0)
                self.tar.addfile(_entry(name, source), source)
        except FileNotFoundError:
            return False
        return True

    def close(self, facts: dict[str, Any]) -> None:
        body = json.dumps({"format": FORMAT, **facts, "sha256": self.digests}, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(body)
        self.tar.addfile(entry, BytesIO(body))


@contextmanager
def written(target: Path) -> Iterator[Writer]:
    """A file that has its name only when it is whole and on the disk."""
    partial = target.with_name(f"{target.name}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield Writer(tar)
            raw.flush()
            os.fsync(raw.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


def _entry(name: str, source: IO[bytes]) -> tarfile.TarInfo:
    found = os.fstat(source.fileno())
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = found.st_size, int(found.st_mtime), 0o640
    return entry


def _digest(source: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def verified(file: Path) -> dict[str, Any]:
    """Read the whole file once and answer its manifest. Anything that is missing, added, changed or cut off is refused."""
    found: dict[str, str] = {}
    manifest: dict[str, Any] = {}
    with _reading(file) as members:
        for name, content in members:
            if name == MANIFEST:
                manifest = json.loads(content.read())
            else:
                found[name] = _digest(content)
    if manifest.get("format") != FORMAT:
        raise BackupRefused(f"{file} is not a backup of Souk, or is cut off: its manifest is missing.")
    if found != manifest["sha256"]:
        wrong = sorted(name for name in found.keys() | manifest["sha256"] if found.get(name) != manifest["sha256"].get(name))
        raise BackupRefused(f"{file} is damaged: {wrong[0]} is not what was saved ({len(wrong)} in all). Use another backup.")
    return manifest


def unpack(file: Path, *, dump: Path, media: Path) -> int:
    """Put the database's dump and the pictures where they belong; answers how many pictures."""
    pictures = 0
    with _reading(file) as members:
        for name, content in members:
            if name == DATABASE:
                _write(dump, content)
            elif name.startswith(MEDIA):
                _write(media / PurePosixPath(name).relative_to("media"), content)
                pictures += 1
    return pictures


def _write(target: Path, content: IO[bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as written_to:
        while chunk := content.read(CHUNK):
            written_to.write(chunk)


@contextmanager
def _reading(file: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    try:
        with tarfile.open(file, "r:") as tar:
            yield _members(file, tar)
    except (OSError, tarfile.TarError, ValueError) as problem:
        raise BackupRefused(f"{file} cannot be read as a backup: {problem}") from problem


def _members(file: Path, tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for entry in tar:
        content, path = tar.extractfile(entry), PurePosixPath(entry.name)
        if content is None or path.is_absolute() or ".." in path.parts:
            raise BackupRefused(f"{file} holds {entry.name!r}, which no backup of Souk does. It is not opened.")
        yield entry.name, content
