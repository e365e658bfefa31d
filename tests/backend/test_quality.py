"""What `./souk prove --json` tells of a step."""

import sys

from backend.quality import Step, _told


def test_a_step_of_tests_tells_how_many_and_which_were_red() -> None:
    told = _told(Step("money", [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/core/test_money.py"]))
    assert told["green"]
    assert told["tests"] > 10
    assert told["red"] == []


def test_another_step_tells_its_end() -> None:
    assert not _told(Step("no", [sys.executable, "-c", "raise SystemExit(3)"]))["green"]
    assert "tests" not in _told(Step("yes", [sys.executable, "-c", ""]))
