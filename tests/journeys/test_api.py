"""The script that a reader runs against the demo tells its whole story, and the books are clean afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from backend.env import ROOT
from escrow.ledger import checks
from tests.journeys import market

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SCRIPT = ROOT / "docs" / "api_journey.py"


def tell(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=market.environment_without_ours(), timeout=150, check=False)


def test_the_script_tells_the_whole_story(tmp_path: Path) -> None:
    with market.opened(tmp_path) as here:
        told = tell(here.address, "--sign-ins", str(here.sign_ins))
        logs = "".join(log.read_text()[-2000:] for log in (tmp_path / "logs").glob("*.log")) if told.returncode else ""
    assert told.returncode == 0, f"{told.stdout}\n{told.stderr}\n{logs}"
    assert "The story is told" in told.stdout
    assert list(checks.violations()) == []


def test_the_script_says_what_is_missing(tmp_path: Path) -> None:
    told = tell("http://127.0.0.1:9", "--sign-ins", str(tmp_path / "nowhere.json"))
    assert told.returncode == 2
    assert "Start `./souk demo` first" in told.stderr


def test_the_script_ends_with_one_at_the_first_surprise(tmp_path: Path) -> None:
    accounts = [
        {"email": f"{handle}@demo.souk.example", "name": handle, "api_token": "souk_x"} for handle in ("amina", "jonas", "hanne", "lin", "rosa")
    ]
    sign_ins = tmp_path / "sign-ins.json"
    sign_ins.write_text(json.dumps({"accounts": accounts}))
    told = tell("http://127.0.0.1:9", "--sign-ins", str(sign_ins))  # nobody listens there
    assert told.returncode == 1
    assert "The story broke off" in told.stderr
