"""What a body or an address names and is not there: said at the field that named it, so that nobody takes it for a wrong path."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import Invalid, NamedNotHere, NotHere, Refusal, Sentence


@contextmanager
def yours(field: str) -> Iterator[None]:
    """Around the fetch of something that may belong to somebody: still a 404, like any stranger's thing, but with the field."""
    try:
        yield
    except NotHere as absent:
        raise NamedNotHere(field=field) from absent


@contextmanager
def known(field: str, sentence: Sentence) -> Iterator[None]:
    """Around the fetch of something that everybody may know: an unknown name is a wrong value like any other."""
    try:
        yield
    except NotHere as absent:
        raise Invalid(field, sentence) from absent


@contextmanager
def inside(field: str) -> Iterator[None]:
    """Around what reads one part of a body: its refusals name their field from the outside."""
    try:
        yield
    except Refusal as refusal:
        refusal.field = f"{field}.{refusal.field}" if refusal.field else field
        raise


@contextmanager
def called(page: str, here: str) -> Iterator[None]:
    """Around an operation that names its fields as a page does: the beginning `page` becomes `here`."""
    try:
        yield
    except Refusal as refusal:
        if refusal.field and refusal.field.startswith(page):
            refusal.field = here + refusal.field.removeprefix(page)
        raise
