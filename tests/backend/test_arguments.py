"""Nonsense behind a command: exit code 2 and a sentence that says what to write, before anything is begun."""

import subprocess
import sys
from argparse import ArgumentTypeError
from pathlib import Path

import pytest

from backend import arguments, quality
from backend.bench import launch as bench
from backend.demo import launch as demo
from backend.env import ROOT
from tests.factories import goods


@pytest.mark.parametrize("text", ["-1", "0", "1.5", "1e3", "x", "", "²", "1_0", "9" * 30, "1001", "nan"])
def test_whole_takes_digits_within_its_bounds(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="whole number from 1 to 1000"):
        arguments.whole(least=1, most=1000)(text)
    assert arguments.whole(least=1, most=1000)("1000") == 1000


@pytest.mark.parametrize("text", ["-1", "0", "nan", "inf", "1e9", "x"])
def test_factor_takes_a_positive_number(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="above 0"):
        arguments.factor(text)


@pytest.mark.parametrize("text", ["-1", "x", str(2**63)])
def test_seed_is_what_a_database_keeps(text: str) -> None:
    with pytest.raises(ArgumentTypeError):
        arguments.seed(text)


@pytest.mark.parametrize(
    ("main", "words"),
    [
        (bench.main, ["--listings", "-5"]),
        (bench.main, ["--scale", "nan"]),
        (bench.main, ["--catalogue", "/nowhere.csv"]),
        (demo.main, ["--port", "99999"]),
        (demo.main, ["--port", "0"]),
        (demo.main, ["--port", "http"]),
        (quality.prove, ["--runs"]),
        (quality.prove, ["-1"]),
        (quality.prove, ["many"]),
    ],
)
def test_our_own_commands_refuse_nonsense(main, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "error: " in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("simulate --orders -1", "whole number from 1"),
        ("simulate --orders 0", "whole number from 1"),
        ("simulate --seed x", "whole number from 0"),
        ("seed_demo --seed -1", "whole number from 0"),
        ("seed_demo --keep /nowhere/else/x.json", "no folder /nowhere/else"),
        ("import_listings {table} --vendor {shop} --stock -5", "whole number from 0"),
        ("import_listings {table} --vendor {shop} --currency ZZZ", "ZZZ"),
        ("import_listings {table} --vendor {shop} --category nope", "nope"),
        ("import_listings {table} --vendor {shop} --column x", "COLUMN=FIELD"),
        ("import_listings {table} --vendor {shop} --errors /nowhere/x.csv", "no folder /nowhere"),
        ("import_listings {table} --vendor nope", "no shop"),
        ("import_listings /nowhere.csv --vendor {shop}", "no file"),
        ("import_listings {folder} --vendor {shop}", "a folder"),
        ("import_listings {folder}/empty.csv --vendor {shop}", "empty"),
        ("import_listings {folder}/rubbish.csv --vendor {shop}", "not a table"),
        ("import_listings {folder}/rubbish.xlsx --vendor {shop}", "not a table"),
        ("import_listings {folder}/rubbish.csv.gz --vendor {shop}", "not a table"),
        ("export_listings {folder}/x.pdf --vendor {shop}", ".csv or .xlsx"),
        ("export_listings /nowhere/x.csv --vendor {shop}", "no folder /nowhere"),
        ("backup /nowhere/x.backup", "no folder /nowhere"),
        ("restore /nowhere.backup", "nowhere.backup"),
        ("restore {folder}/rubbish.csv", "rubbish.csv"),
    ],
)
def test_management_commands_refuse_nonsense(words: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "table.csv").write_text("sku,title,price,stock\nA-1,Lamp,10.00,1\n")
    (tmp_path / "empty.csv").write_text("")
    for ending in ("csv", "xlsx", "csv.gz"):
        (tmp_path / f"rubbish.{ending}").write_bytes(bytes(range(256)) * 20)
    filled = words.format(table=tmp_path / "table.csv", folder=tmp_path, shop=goods.shop().slug)
    from django.core.management import ManagementUtility

    with pytest.raises(SystemExit) as ended:
        ManagementUtility(["souk", *filled.split()]).execute()
    told = capsys.readouterr().err
    assert (ended.value.code, "Traceback" in told) == (2, False), told
    assert said in told.splitlines()[-1]


def test_the_words_reach_the_shell() -> None:
    told = subprocess.run([sys.executable, "-m", "backend", "demo", "--port", "0"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (told.returncode, told.stderr.splitlines()[0].count("whole number from 1 to 65535")) == (2, 1)
    assert "usage:" not in told.stderr
