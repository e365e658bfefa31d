"""Who may do what, read from the one table beside this module: the schema, the docs page and the tests all look here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

FILE = Path(__file__).with_suffix(".txt")
ROLES = (
    "guest",
    "stranger",
    "buyer",
    "owner",
    "manager",
    "lister",
    "packer",
    "accountant",
    "support",
    "arbitrator",
    "finance",
    "moderator",
    "admin",
)
ROLE_WORDS = {
    "guest": _("guest"),
    "stranger": _("stranger"),
    "buyer": _("buyer"),
    "owner": _("owner"),
    "manager": _("manager"),
    "lister": _("lister"),
    "packer": _("packer"),
    "accountant": _("accountant"),
    "support": _("support"),
    "arbitrator": _("arbitrator"),
    "finance": _("finance"),
    "moderator": _("moderator"),
    "admin": _("admin"),
}
SECTION_WORDS = {
    "Looking around": _("Looking around"),
    "About oneself": _("About oneself"),
    "Buying": _("Buying"),
    "A shop and its members": _("A shop and its members"),
    "A shop's goods": _("A shop's goods"),
    "A shop's deliveries and sales": _("A shop's deliveries and sales"),
    "A shop's money": _("A shop's money"),
    "The desk": _("The desk"),
    "Pages: the shop window": _("Pages: the shop window"),
    "Pages: basket, checkout and orders": _("Pages: basket, checkout and orders"),
    "Pages: oneself": _("Pages: oneself"),
    "Pages: a shop and its members": _("Pages: a shop and its members"),
    "Pages: a shop's goods": _("Pages: a shop's goods"),
    "Pages: a shop's deliveries, sales and money": _("Pages: a shop's deliveries, sales and money"),
    "Pages: the desk": _("Pages: the desk"),
    "Signing in": _("Signing in"),
    "Machines": _("Machines"),
}
ANSWERS = frozenset({"ok", "login", "401", "403", "404"})
GAP = re.compile(r"\{(~?)(\w+)\}")


class TableBroken(Exception):
    """A line that nobody can read, with its number."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a call, what is sent with it, and the answer for each role. `{~kind}` names a thing of another life."""

    section: str
    method: str
    address: str
    fields: tuple[tuple[str, str], ...]
    cells: dict[str, str]

    @property
    def call(self) -> str:
        """The line's left side, as it is written."""
        return " ".join([self.method, self.address, *(f"{name}={value}" for name, value in self.fields)])

    @property
    def shape(self) -> str:
        """The address without the names of its gaps."""
        return GAP.sub("{}", self.address)

    @property
    def is_crossed(self) -> bool:
        """Whether it joins a thing of mine with a thing that is not mine, or one that does not show itself: an addition to the plain row."""
        return "ok" not in self.cells.values() or "{~" in self.call

    @property
    def allowed(self) -> list[str]:
        return [role for role, answer in self.cells.items() if answer == "ok"]


@cache
def rows() -> tuple[Row, ...]:
    """Every line of the table, in its order."""
    return tuple(_read(FILE.read_text(encoding="utf-8")))


@cache
def of_operation(method: str, path: str) -> Row | None:
    """The plain row of an operation by its path in the schema, whatever the gaps are called there."""
    shape = re.sub(r"\{\w+\}", "{}", path)
    found = [row for row in rows() if (row.method, row.shape) == (method, shape)]
    return next((row for row in found if not row.is_crossed), found[0] if found else None)


def _read(text: str) -> Iterator[Row]:
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif line and not line.startswith("#"):
            yield _row(section, number, line)


def _row(section: str, number: int, line: str) -> Row:
    call, bar, answers = line.partition("|")
    words, cells = call.split(), answers.split()
    if not bar or len(words) < 2 or len(cells) != len(ROLES) or not ANSWERS.issuperset(cells):
        raise TableBroken(f"{FILE.name}:{number}: {line}")
    fields = tuple((name, value) for name, _equals, value in (word.partition("=") for word in words[2:]))
    return Row(section, words[0], words[1], fields, dict(zip(ROLES, cells, strict=True)))


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The table for people, a section after the other."""
    sections = [(SECTION_WORDS[name], list(lines)) for name, lines in groupby(rows(), key=lambda row: row.section)]
    return render(request, "api/permissions.html", {"sections": sections, "roles": [ROLE_WORDS[role] for role in ROLES]})
