"""`check_ledger --json` speaks about all thirteen invariants, each by its name."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

# The numbers of the design (docs/architecture.md), and a check that must never get lost for each.
THIRTEEN = {
    1: "transfers_balance",
    2: "book_is_zero",
    3: "kept_balances_are_true",
    4: "holds_keep_what_is_undecided",
    5: "nothing_gives_more_than_it_got",
    6: "statement_is_complete",
    7: "others_money_is_covered",
    8: "clearing_returns_to_zero",
    9: "one_fact_one_transfer",
    10: "sealed_history_is_unchanged",
    11: "currencies_stay_apart",
    12: "states_and_book_agree",
    13: "guarded_accounts_are_not_negative",
}


@pytest.mark.django_db(transaction=True)
def test_proof_covers_all_thirteen_invariants_by_name() -> None:
    said = StringIO()
    call_command("check_ledger", "--json", stdout=said)
    told = json.loads(said.getvalue())
    assert (told["ok"], told["violations"]) == (True, 0)
    found = {(check["number"], check["name"]) for check in told["checks"]}
    assert found >= set(THIRTEEN.items())
    assert {number for number, _name in found} == set(THIRTEEN)
    assert all(check["sentence"] and check["violations"] == [] for check in told["checks"] if not check["warning"])
