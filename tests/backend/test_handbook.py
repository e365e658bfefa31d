"""docs/operations.md says what is true."""

from __future__ import annotations

import re

import pytest
from django.core.management import get_commands

from backend.__main__ import USAGE
from backend.env import ROOT
from backend.metrics import facts

HANDBOOK = (ROOT / "docs" / "operations.md").read_text()
# The starting script's own, before any Python.
OF_THE_SHELL = {"SOUK_VENV", "SOUK_PYTHON"}


def section(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", HANDBOOK, re.M | re.S)
    assert found, title
    return found[1]


def first_cells(title: str) -> set[str]:
    rows = re.findall(r"^\| (.+?) \|", section(title), re.M)
    return {name for row in rows for name in re.findall(r"`([A-Za-z_]+)`", row)}


def test_every_variable_is_explained_and_every_explained_one_is_read() -> None:
    read = set(re.findall(r'env\.\w+\("([A-Z_]+)"', (ROOT / "backend" / "env.py").read_text()))
    assert first_cells("Variables") - OF_THE_SHELL == read


def test_every_metric_is_explained() -> None:
    told = {*facts.FACTS, "souk_pool", "souk_database_up", "souk_request_seconds"}
    assert {name for name in first_cells("Is it well?") if name.startswith("souk_")} == told


@pytest.mark.parametrize(
    "title", ["Every day", "When something is down", "Upgrades", "Backups", "Crash points", "Reading with SQL", "Retention", "Logs"]
)
def test_the_handbook_has_a_chapter_about(title: str) -> None:
    assert len(section(title)) > 200


def test_every_command_that_is_named_exists() -> None:
    named = set(re.findall(r"`?\./souk ([a-z_]+)", HANDBOOK + (ROOT / "README.md").read_text()))
    ours = set(re.findall(r"\./souk ([a-z]+)", USAGE))
    assert named - ours - set(get_commands()) == set()
