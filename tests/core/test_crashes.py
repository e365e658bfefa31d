"""Crash points: every name stands once in the code, and the process really dies there."""

import ast
import os
import signal
import subprocess
import sys
from collections import Counter

import pytest

from backend import env
from core import crashes
from tests.architecture import house

DIE = "from core import crashes; crashes.arm({wish!r}); [crashes.point('cart.line_written') for _ in range({passes})]; print('alive')"


def placed() -> Counter[str]:
    calls = (node for file in house.files() for node in ast.walk(house.tree(file)) if isinstance(node, ast.Call))
    points = [call.args[0] for call in calls if ast.unparse(call.func) == "crashes.point"]
    assert all(isinstance(name, ast.Constant) for name in points), "a crash point's name is a literal"
    return Counter(str(ast.literal_eval(name)) for name in points)


def test_every_point_is_placed_once() -> None:
    assert placed() == dict.fromkeys(crashes.POINTS, 1)
    assert len(crashes.POINTS) >= 30


def test_every_point_says_what_is_written_there() -> None:
    assert all(sentence.endswith(".") and len(sentence) > 20 for sentence in crashes.POINTS.values())


@pytest.mark.parametrize(
    ("wish", "passes", "dies"), [("cart.line_written", 1, True), ("cart.line_written:3", 2, False), ("cart.line_written:3", 3, True), ("", 1, False)]
)
def test_point_kills_at_the_wished_pass(wish: str, passes: int, dies: bool) -> None:
    done = subprocess.run([sys.executable, "-c", DIE.format(wish=wish, passes=passes)], cwd=house.ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == ((-signal.SIGKILL, "") if dies else (0, "alive\n"))


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"CRASH_POINT": "cart.line_written", "SOUK_TESTING": "0"}, "for tests only"),
        ({"CRASH_POINT": "cart.nowhere"}, "no such point"),
        ({"CRASH_POINT": "cart.line_written:0"}, "whole number"),
    ],
)
def test_environment_refuses_a_wish_that_cannot_be(values: dict[str, str], word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(env.EnvironmentInvalid, match=word):
        env.read()


def test_no_server_starts_with_a_wish_outside_of_tests() -> None:
    values = {**os.environ, "CRASH_POINT": "cart.line_written", "SOUK_TESTING": "0", "DJANGO_SETTINGS_MODULE": "backend.settings"}
    done = subprocess.run([sys.executable, "-m", "backend", "worker"], cwd=house.ROOT, env=values, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "CRASH_POINT kills the process on purpose" in done.stderr
