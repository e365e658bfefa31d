"""What the words behind a command may be: each type refuses nonsense in a sentence that says what to write instead."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

LARGEST_SEED = 2**63 - 1


def speak_plainly() -> None:
    """From now on this process says what is wrong with the words behind a command, without the list of all the others before it."""
    argparse.ArgumentParser.error = _refuse  # type: ignore[method-assign]


def _refuse(self: argparse.ArgumentParser, message: str) -> NoReturn:
    self.exit(2, f"{self.prog}: {message}\n“{self.prog} --help” tells what it takes.\n")


def whole(*, least: int, most: int) -> Callable[[str], int]:
    """A type for argparse: a whole number within these bounds."""

    def read(text: str) -> int:
        tidy = text.strip()
        if not (tidy.isascii() and tidy.removeprefix("-").isdigit() and len(tidy) < 25 and least <= int(tidy) <= most):
            raise argparse.ArgumentTypeError(f"write a whole number from {least} to {most}, not {text[:40]!r}")
        return int(tidy)

    return read


def seed(text: str) -> int:
    """A type for argparse: where chance begins."""
    return whole(least=0, most=LARGEST_SEED)(text)


def factor(text: str) -> float:
    """A type for argparse: how many times as much."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number <= 1000:
        raise argparse.ArgumentTypeError(f"write a number above 0 and up to 1000, such as 0.5, not {text[:40]!r}")
    return number


def moment(text: str) -> datetime:
    """A type for argparse: a point in time, by UTC where no zone is given."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise argparse.ArgumentTypeError(f"write a time such as 2026-11-23T12:00, not {text[:40]!r}") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def new_file(text: str) -> Path:
    """A type for argparse: a file that can be written, found out before the work and not after it."""
    path = Path(text).expanduser()
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{path} is a folder; name a file in it")
    if not path.absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {path.absolute().parent}; make it first")
    return path
