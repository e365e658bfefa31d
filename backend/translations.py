"""Compiles the catalogues of the interface when a source is newer. Pure Python: needs no gettext on the machine."""

import os
from pathlib import Path

from backend.env import ROOT


def refresh(folder: Path = ROOT / "locale") -> None:
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            _compile(source, compiled)


def _compile(source: Path, compiled: Path) -> None:
    from babel.messages import mofile, pofile

    with source.open("rb") as text:
        catalogue = pofile.read_po(text, locale=source.parent.parent.name)
    fresh = compiled.with_suffix(f".{os.getpid()}")
    with fresh.open("wb") as binary:
        mofile.write_mo(binary, catalogue)
    fresh.replace(compiled)
