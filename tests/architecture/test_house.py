"""What the import contracts cannot say about the house."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture import house

FILE_STOP, FUNCTION_STOP = 400, 50
# Calculators: same input, same output, no Django.
PURE = {"pricing", "bidding", "matching", "split", "commission", "price_at", "clearing", "money"}
WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "asave", "acreate", "adelete"}
# What a door may call although its name looks like a write: sets, dictionaries, forms' querysets are told apart by their receiver.
HARMLESS = {"context", "data", "values", "options", "headers", "params", "extra", "initial", "query", "attrs", "parameters", "schema", "digest"}
BANNED_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|managers?|services?|misc)$")


def test_doors_do_not_write() -> None:
    found = [f"{house.name(file)}:{node.lineno} {ast.unparse(node.func)}" for file in house.files(*house.DOORS) for node in _writes(file)]
    assert not found, "A door calls one operation and never writes:\n" + "\n".join(found)


def _writes(file: Path) -> list[ast.Call]:
    calls = [node for node in ast.walk(house.tree(file)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return [call for call in calls if call.func.attr in WRITES and not _is_harmless(call.func)]  # type: ignore[union-attr]


def _is_harmless(function: ast.expr) -> bool:
    """`context.update(…)` is a dictionary; a named operation such as `addresses.update(…)` of an imported room is the one call a door makes."""
    assert isinstance(function, ast.Attribute)
    receiver = function.value
    if isinstance(receiver, ast.Call) and isinstance(receiver.func, ast.Name) and receiver.func.id == "super":
        return True
    last = receiver.attr if isinstance(receiver, ast.Attribute) else receiver.id if isinstance(receiver, ast.Name) else ""
    return last in HARMLESS or last in {"operations"}


def test_every_room_has_its_sign() -> None:
    missing = [house.name(folder) for folder in house.packages() if not _is_signed(folder)]
    assert not missing, "A room's __init__.py says in a docstring what it owns:\n" + "\n".join(missing)


def _is_signed(folder: Path) -> bool:
    if {"management", "templatetags"} & set(folder.parts):
        return True
    sign = folder / "__init__.py"
    return sign.exists() and bool(ast.get_docstring(house.tree(sign)))


@pytest.mark.parametrize("storey", house.ROOMED)
def test_models_index_is_complete(storey: str) -> None:
    """A room whose tables the index forgets would have no migrations."""
    index = house.ROOT / storey / "models.py"
    named = set(house.imports(index)) if index.exists() else set()
    rooms = {house.module(file) for file in house.files(storey) if file.name == "models.py" and file != index}
    assert rooms <= named, f"{storey}/models.py does not re-export {sorted(rooms - named)}"


def test_files_stay_small() -> None:
    long = [(house.name(file), lines) for file in house.files() if (lines := len(file.read_text().splitlines())) > FILE_STOP]
    assert not long, f"Longer than {FILE_STOP} lines; split the room, not the file: {long}"


def test_functions_stay_small() -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    long = [
        f"{house.name(file)}:{node.lineno} {node.name} {size}"
        for file in house.files()
        for node in ast.walk(house.tree(file))
        if isinstance(node, functions) and (size := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_STOP
    ]
    assert not long, f"Longer than {FUNCTION_STOP} lines:\n" + "\n".join(long)


def test_pure_files_are_pure() -> None:
    bad = [
        f"{house.name(file)} imports {imported}"
        for file in house.files(*house.ROOMED, "core")
        if file.stem in PURE
        for imported in house.imports(file)
        if imported.split(".")[0] in {"django", "rest_framework", "procrastinate"} and not imported.startswith("django.utils.translation")
    ]
    assert not bad, "A calculator imports no Django:\n" + "\n".join(bad)


def test_names_say_what_they_are() -> None:
    bad = [house.name(path) for path in (*house.files(), *house.packages()) if BANNED_NAMES.search(path.stem)]
    assert not bad, f"These names say nothing: {bad}"


# These read the clock themselves, each for a reason.
CLOCK_READERS = (
    "escrow/payments/",  # the answer of a provider comes between two transactions, later than the caller's `at`
    "accounts/users/operations.py",  # Django's createsuperuser and allauth's sign-up hand over no time
    "accounts/parties/operations.py",  # the platform's own party appears with the first one who needs it
)


def test_only_doors_and_jobs_read_the_clock() -> None:
    """Rules take `at` as an argument."""
    bad = [
        house.name(file)
        for file in house.files(*house.ROOMED)
        if not house.name(file).startswith(CLOCK_READERS)
        if file.stem in {"operations", "queries", "access", "models", "states"} | PURE
        for node in ast.walk(house.tree(file))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"clock.now", "timezone.now", "datetime.now", "datetime.utcnow", "time.time"}
    ]
    assert not bad, f"Time is an argument here: {sorted(set(bad))}"


def test_nobody_hooks_on_save_or_commit() -> None:
    """A side effect is a row in the same transaction; a hook dies with the process."""
    bad = [
        f"{house.name(file)}:{node.lineno} {node.attr if isinstance(node, ast.Attribute) else node.id}"
        for file in house.files(*house.ROOMED, "core", *house.DOORS)
        for node in ast.walk(house.tree(file))
        if (isinstance(node, ast.Attribute) and node.attr in {"on_commit", "post_save", "pre_save", "send_robust"})
        or (isinstance(node, ast.Name) and node.id in {"on_commit", "post_save", "pre_save"})
    ]
    assert not bad, "\n".join(bad)
