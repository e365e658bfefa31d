"""What `./souk prove --json` tells of a step."""

import sys
from pathlib import Path

import pytest

from backend.env import ROOT
from backend.quality import Step, _proofs, _told, prove


def test_a_step_of_tests_tells_how_many_and_which_were_red() -> None:
    told = _told(Step("money", [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/core/test_money.py"]))
    assert told["green"]
    assert told["tests"] > 10
    assert told["red"] == []


def test_another_step_tells_its_end() -> None:
    assert not _told(Step("no", [sys.executable, "-c", "raise SystemExit(3)"]))["green"]
    assert "tests" not in _told(Step("yes", [sys.executable, "-c", ""]))


def test_whatever_the_suite_does_a_little_of_is_proved_in_full() -> None:
    full = [word for step in _proofs("1000") if step.environment.get("SOUK_PROVE") for word in step.command if word.startswith("tests/")]
    shortened = [
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("tests/**/test_*.py")
        if 'get("SOUK_PROVE' in path.read_text() and path != Path(__file__)
    ]
    assert len(shortened) > 10
    assert [path for path in shortened if not path.startswith(tuple(full))] == []


def test_parts_are_chosen_by_their_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert prove(["--list", "--only", "storm", "--only", "Spelling", "--skip", "faults"]) == 0
    assert capsys.readouterr().out.splitlines() == ["spelling", "a small life in a storm, and every look of the pages"]
    with pytest.raises(SystemExit):
        prove(["--only", "nothing of that name"])


def test_red_part_is_told_by_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.quality._proofs", lambda _orders: [Step("broken", [sys.executable, "-c", "raise SystemExit(3)"])])
    assert prove(["--only", "broken"]) == 1
    assert prove(["--only", "broken", "--json"]) == 1
