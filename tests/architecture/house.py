"""How the architecture tests see the house: its storeys, rooms and files, read as text, never imported."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STOREYS = ("core", "accounts", "vendors", "messaging", "escrow", "marketplace", "search", "storefront", "api", "desk", "backend")
DOORS = ("storefront", "api", "desk")
ROOMED = ("accounts", "vendors", "messaging", "escrow", "marketplace", "search")


def files(*storeys: str) -> list[Path]:
    found = (file for storey in storeys or STOREYS for file in (ROOT / storey).rglob("*.py"))
    return sorted(file for file in found if "migrations" not in file.parts)


def packages(*storeys: str) -> list[Path]:
    return sorted({file.parent for file in files(*storeys)})


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
