# ruff: noqa: E501  (sources, as they stand)
"""Hand-made mutants of the money's code: each is applied alone in a scratch copy, and must be killed by the machine or by `check_ledger`.

`./souk prove --mutants` (or `python -m tests.proof.mutants [NAME …]`) prints a table and exits 1 when one survives. A test of the suite
says that every mutant still fits its source.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNS = 60


@dataclass(frozen=True)
class Mutant:
    """`told` in `path` becomes `lie`. `what` says which kind of mistake it is."""

    name: str
    what: str
    path: str
    told: str
    lie: str


def _entry(name: str, what: str, path: str, told: str, lie: str) -> Mutant:
    return Mutant(name, what, f"escrow/{path}.py", told, lie)


MUTANTS = [
    _entry("fund_forgets_coupon", "a leg is missing, and another covers for it", "holds/entries",
           "debit(accounts.promotion_expense(currency), sum(part.coupon_minor for part in parts)),\n            debit(accounts.points_set_aside",
           "debit(accounts.psp_clearing(provider, currency), sum(part.coupon_minor for part in parts)),\n            debit(accounts.points_set_aside"),
    _entry("release_keeps_no_tax", "a leg is missing: the seller gets the tax too", "holds/entries",
           "credit(accounts.seller_payable(hold.seller, currency), piece.net_minor),\n        credit(accounts.commission(currency), piece.commission_minor),\n"
           "        credit(accounts.tax_payable(currency), piece.tax_minor),\n    )\n\n\ndef to_funders",
           "credit(accounts.seller_payable(hold.seller, currency), piece.net_minor + piece.tax_minor),\n"
           "        credit(accounts.commission(currency), piece.commission_minor),\n    )\n\n\ndef to_funders"),
    _entry("release_swaps_commission_and_tax", "two accounts are changed over", "holds/entries",
           "credit(accounts.commission(currency), piece.commission_minor),\n        credit(accounts.tax_payable(currency), piece.tax_minor),\n    )\n\n\ndef to_",
           "credit(accounts.commission(currency), piece.tax_minor),\n        credit(accounts.tax_payable(currency), piece.commission_minor),\n    )\n\n\ndef to_"),
    _entry("release_pays_the_buyer", "another party", "holds/entries",
           "debit(_kept_in(hold), piece.amount_minor),\n        credit(accounts.seller_payable(hold.seller, currency), piece.net_minor)",
           "debit(_kept_in(hold), piece.amount_minor),\n        credit(accounts.seller_payable(hold.buyer, currency), piece.net_minor)"),
    _entry("refund_gives_coupon_as_cash", "another account: the coupon goes to the buyer", "holds/entries",
           "credit(accounts.promotion_expense(hold.currency), piece.coupon_minor)", "credit(accounts.refund_pending(hold.currency), piece.coupon_minor)"),
    _entry("points_come_back_uncounted", "the mirror book is forgotten", "points/entries",
           "return credit(accounts.points_liability(party, currency), points), *_issued(party, points)",
           "return (credit(accounts.points_liability(party, currency), points),)"),
    _entry("freeze_thaws", "a changed sign", "holds/entries",
           'return _entry(hold, "freeze", debit(account, hold.left_minor), credit(frozen, hold.left_minor))',
           'return _entry(hold, "freeze", debit(frozen, hold.left_minor), credit(account, hold.left_minor))'),
    _entry("shares_round_down", "a share: what rounding leaves goes to the last", "holds/split",
           "return largest_remainder(amount_minor, left) if amount_minor else [0] * len(left)",
           "return [*(amount_minor * one // sum(left) for one in left[:-1]), amount_minor - sum(amount_minor * one // sum(left) for one in left[:-1])]"
           " if amount_minor else [0] * len(left)"),
    _entry("waived_commission_is_charged", "a count: given back, but the fee stays", "holds/models",
           "self.waived_commission_minor += piece.commission_minor", "self.charged_commission_minor += piece.commission_minor"),
    _entry("key_without_its_step", "a doubled key: the second refund is taken for the first", "holds/entries",
           'key=f"{event}:{hold.reference}:{hold.steps + 1}"', 'key=f"{event}:{hold.reference}"'),
    _entry("late_refund_under_a_case", "a skipped guard: given back while a bank or the desk decides", "late_refunds/operations",
           "    refuse_frozen(hold)\n", ""),
    _entry("chargeback_is_overtaken", "a skipped guard: confirmed while the bank decides", "holds/operations",
           "    hold = hold if in_hand else locked(hold)\n    if hold.chargeback_open:\n        raise HoldFrozen",
           "    hold = hold if in_hand else locked(hold)"),
    _entry("late_refund_keeps_commission", "a share: the seller bears our commission", "late_refunds/entries",
           "*recovery.take_back(seller=hold.seller, amount=Money(piece.net_minor, hold.currency), beside=beside),\n"
           "            debit(accounts.commission(hold.currency), piece.commission_minor),",
           "*recovery.take_back(seller=hold.seller, amount=Money(piece.net_minor + piece.commission_minor, hold.currency), beside=beside),"),
    _entry("debt_before_balance", "a guard the wrong way: all of it becomes a debt", "payouts/recovery",
           "ready = min(there, amount.amount_minor)", "ready = 0"),
    _entry("netting_pays_twice", "a changed amount: more than is owed", "payouts/recovery",
           "paid = min(there[payable.code], there[debt.code])", "paid = there[payable.code]"),
    _entry("bank_takes_without_fee", "a leg is missing: the provider's fee", "chargebacks/entries",
           "        debit(accounts.dispute_fees(case.currency), case.fee_minor),\n"
           "        credit(accounts.psp_balance(case.provider, case.currency), case.amount_minor + case.fee_minor),",
           "        credit(accounts.psp_balance(case.provider, case.currency), case.amount_minor),"),
    _entry("chargeback_after_refund_taken_twice", "a skipped guard: what was refunded is taken once more", "holds/overlay",
           "return sum(part.cash_minor - part.refunded_cash_minor - part.returned_cash_minor for part in parts)",
           "return sum(part.cash_minor - part.refunded_cash_minor for part in parts)"),
    _entry("lost_and_won_keeps_it", "a leg is missing: the commission of a case that turned", "chargebacks/settling",
           "    yield credit(accounts.commission(currency), share.commission_minor)\n", ""),
    _entry("late_money_of_unpaid_holds", "a skipped guard: holds that were never funded share a case", "chargebacks/sharing",
           "payment=case.payment_id, funded_at__isnull=False)", "payment=case.payment_id)"),
    _entry("failed_refund_is_forgotten", "another account: the buyer is owed nothing", "payments/refunds/operations",
           "lines=[debit(returned, row.amount_minor), credit(accounts.buyer_owed(row.currency), row.amount_minor)]",
           "lines=[debit(returned, row.amount_minor), credit(accounts.breakage(row.currency), row.amount_minor)]"),
    _entry("failed_payout_keeps_it", "a changed sign between transit and seller", "payouts/entries",
           '"transfer_failed",\n        debit(accounts.transfer_transit(payout.currency), payout.amount_minor),\n'
           "        credit(accounts.seller_payable(payout.seller, payout.currency), payout.amount_minor),",
           '"transfer_failed",\n        debit(accounts.seller_payable(payout.seller, payout.currency), payout.amount_minor),\n'
           "        credit(accounts.transfer_transit(payout.currency), payout.amount_minor),"),
    _entry("reserve_of_everything", "a share: ten times the reserve that was agreed", "payouts/reserves",
           "-int(sums[\"total\"]) * account.reserve_bp // MOST_BP", "-int(sums[\"total\"]) * account.reserve_bp * 10 // MOST_BP"),
]  # fmt: skip


def mutated(mutant: Mutant, root: Path) -> str:
    """The source with the lie; refuses one that fits not exactly once."""
    text = (root / mutant.path).read_text()
    if text.count(mutant.told) != 1:
        raise ValueError(f"{mutant.name}: its text stands {text.count(mutant.told)} times in {mutant.path}")
    return text.replace(mutant.told, mutant.lie)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./souk prove --mutants", description="Apply each mutant in a scratch copy and see it killed.")
    parser.add_argument("names", nargs="*", choices=[[], *(mutant.name for mutant in MUTANTS)], help="only these")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="souk-mutants-") as folder:
        copy = Path(folder) / "souk"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "__pycache__"))
        told = [_told(mutant, copy) for mutant in MUTANTS if not chosen.names or mutant.name in chosen.names]
    if chosen.json:
        print(json.dumps({"mutants": len(told), "survived": [one["name"] for one in told if not one["killed"]], "told": told}, indent=1))
    return 0 if all(one["killed"] for one in told) else 1


def _told(mutant: Mutant, folder: Path) -> dict[str, object]:
    began, path = time.monotonic(), folder / mutant.path
    true = path.read_text()
    path.write_text(mutated(mutant, folder))
    try:
        by = _killer(folder)
    finally:
        path.write_text(true)
    seconds = round(time.monotonic() - began, 1)
    print(f"{'killed  ' if by else 'SURVIVED'} {mutant.name:38} {seconds:6.1f} s  {mutant.what}\n         {by[:170]}", file=sys.stderr, flush=True)
    return {"name": mutant.name, "what": mutant.what, "killed": bool(by), "by": by, "seconds": seconds}


def _killer(folder: Path) -> str:
    """What the first broken life says; '' when all lives were sound. A machine that could not even begin kills nothing."""
    log = folder / "lives.jsonl"
    log.unlink(missing_ok=True)
    environment = {
        **os.environ, "PYTHONPATH": str(folder), "SOUK_PROVE_RUNS": str(RUNS), "SOUK_PROVE_LOG": str(log), "SOUK_PROVE_QUICKLY": "1",
        "SOUK_DATA": str(folder / ".souk"),
    }  # fmt: skip
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--reuse-db", "tests/proof/test_lives.py"]
    done = subprocess.run(command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    if not lines:
        raise RuntimeError(f"No life was lived:\n{done.stdout[-3000:]}")
    return str(lines[0]["words"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
