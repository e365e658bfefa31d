"""The backup's file: whole or refused."""

from __future__ import annotations

import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from backend.backups import BackupRefused, archive, taking
from core import clock


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    file = tmp_path / "one.backup"
    (tmp_path / "dump").write_bytes(b"the books" * 1000)
    (tmp_path / "lamp.webp").write_bytes(b"a lamp" * 1000)
    with archive.written(file) as writer:
        assert writer.add("media/a/lamp.webp", tmp_path / "lamp.webp")
        assert writer.add(archive.DATABASE, tmp_path / "dump")
        assert not writer.add("media/a/lamp.webp", tmp_path / "lamp.webp")
        assert not writer.add("media/gone.webp", tmp_path / "gone.webp")
        writer.close({"migrations": []})
    return file


def test_what_was_saved_comes_back(saved: Path, tmp_path: Path) -> None:
    assert archive.verified(saved)["migrations"] == []
    assert archive.unpack(saved, dump=tmp_path / "back", media=tmp_path / "media") == 1
    assert (tmp_path / "back").read_bytes() == b"the books" * 1000
    assert (tmp_path / "media" / "a" / "lamp.webp").read_bytes() == b"a lamp" * 1000
    assert saved.stat().st_mode & 0o077 == 0


def test_a_changed_byte_is_noticed(saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[content.index(b"the books")] ^= 1
    saved.write_bytes(content)
    with pytest.raises(BackupRefused, match=r"database\.dump is not what was saved"):
        archive.verified(saved)


def test_a_file_that_is_cut_off_is_refused(saved: Path) -> None:
    saved.write_bytes(saved.read_bytes()[:9000])
    with pytest.raises(BackupRefused):
        archive.verified(saved)


def test_nothing_is_written_outside(saved: Path, tmp_path: Path) -> None:
    with tarfile.open(saved, "a") as tar:
        entry = tarfile.TarInfo("media/../../stolen")
        entry.size = 1
        tar.addfile(entry, BytesIO(b"x"))
    with pytest.raises(BackupRefused, match="stolen"):
        archive.unpack(saved, dump=tmp_path / "back", media=tmp_path / "media")


def test_an_unfinished_backup_has_no_name(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), archive.written(tmp_path / "two.backup"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_a_backup_replaces_nothing(saved: Path) -> None:
    with pytest.raises(BackupRefused, match="is there already"):
        taking.take(saved, at=clock.now())
