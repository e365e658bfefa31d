"""Named refusals: a business fact that says no, with a code for machines and a sentence for people."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise


class Kind(IntEnum):
    """What a refusal means to the person who asked; the value is the HTTP status that doors answer."""

    INVALID = 400
    FORBIDDEN = 403
    ABSENT = 404
    CONFLICT = 409
    GONE = 410
    STALE = 412
    UNPROCESSABLE = 422
    TOO_MANY = 429
    BUSY = 503


class Refusal(Exception):
    """Base of every named refusal. Subclasses state `code`, `kind` and `sentence`; the sentence may use {params}."""

    code: ClassVar[str] = "refused"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[Sentence] = _("This is not possible.")
    retry_after_seconds: ClassVar[int | None] = None

    def __init__(self, *, field: str | None = None, **params: Any) -> None:
        self.field = field
        self.params = params
        super().__init__(self.code)

    @property
    def message(self) -> str:
        """The sentence in the active language, with its params filled in."""
        return str(self.sentence).format(**self.params) if self.params else str(self.sentence)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class NotHere(Refusal):
    """Absent, or not yours: the two look alike on purpose."""

    code = "not_found"
    kind = Kind.ABSENT
    sentence = _("There is nothing here under this address.")


class NamedNotHere(NotHere):
    """A field names something that is not there, or belongs to somebody else: the two look alike on purpose."""

    sentence = _("There is nothing by this name that is yours to use here.")


class Forbidden(Refusal):
    """You may know that it exists, but this is not yours to do."""

    code = "forbidden"
    kind = Kind.FORBIDDEN
    sentence = _("You are not allowed to do this.")


class Invalid(Refusal):
    """One field of the input is wrong; `sentence` says what to write instead."""

    code = "invalid"
    kind = Kind.INVALID

    def __init__(self, field: str | None, sentence: Sentence, **params: Any) -> None:
        super().__init__(field=field, **params)
        self.sentence = sentence  # type: ignore[misc]  # an Invalid brings its own words


class Busy(Refusal):
    """A lock was not free in time; nothing was changed."""

    code = "busy"
    kind = Kind.BUSY
    sentence = _("This is being changed by somebody else right now. Nothing was lost; please try again.")
    retry_after_seconds = 1


class Stale(Refusal):
    """The caller acted on an older version of the object."""

    code = "stale"
    kind = Kind.STALE
    sentence = _("This has changed since you opened it. Look at the new version and try again.")
