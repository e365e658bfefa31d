"""Every recurring job of Souk, in one table: when (cron), and which. A job of this table takes no argument and may run twice."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from backend.env import ROOT

SCHEDULE: list[tuple[str, str]] = [
    ("17 * * * *", "vendors.members.jobs.expire_invitations"),
    ("* * * * *", "vendors.holidays.jobs.follow_holidays"),
    ("* * * * *", "search.jobs.keep_fresh"),
    ("* * * * *", "marketplace.importing.jobs.keep_importing"),
    ("40 4 * * *", "marketplace.importing.jobs.forget_unused_tables"),
    ("*/5 * * * *", "escrow.ledger.jobs.seal_transfers"),
    ("* * * * *", "escrow.payments.jobs.read_waiting_events"),
    ("* * * * *", "escrow.payments.jobs.expire_due_payments"),
    ("* * * * *", "escrow.payments.jobs.heal_payments"),
    ("* * * * *", "escrow.payments.jobs.settle_statements"),
    ("*/5 * * * *", "escrow.payments.jobs.reconcile"),
    ("10 2 * * *", "escrow.payments.jobs.reconcile_days"),
    ("* * * * *", "escrow.providers.sandbox.jobs.work_through_the_day"),
    ("* * * * *", "escrow.holds.jobs.move_due_holds"),
    ("* * * * *", "escrow.disputes.jobs.move_due_disputes"),
    ("4-59/15 * * * *", "escrow.disputes.jobs.remind_of_disputes"),
    ("11 * * * *", "escrow.appeals.jobs.lapse_due_appeals"),
    ("7 * * * *", "escrow.chargebacks.jobs.follow_chargebacks"),
    ("* * * * *", "escrow.plans.jobs.move_due_parts"),
    ("* * * * *", "marketplace.returns.jobs.move_due_returns"),
    ("*/10 * * * *", "escrow.payouts.jobs.chase_payouts"),
    ("0 */6 * * *", "marketplace.fulfilment.kinds.shipping.jobs.notice_silent_carriers"),
    ("30 4 * * *", "marketplace.checkout.jobs.drop_old_drafts"),
    # What is kept only for a while: docs/operations.md, Retention.
    ("20 2 * * *", "marketplace.statements.jobs.close_months"),
    ("10 5 * * *", "marketplace.papers.jobs.write_missing_invoices"),
    ("10 3 * * *", "core.retention.jobs.forget_old_answers"),
    ("20 3 * * *", "core.retention.jobs.forget_finished_jobs"),
    ("30 3 * * *", "accounts.sessions.jobs.forget_expired_sessions"),
    ("40 3 * * *", "accounts.letters.jobs.forget_old_letters"),
    ("50 3 * * *", "messaging.notifications.jobs.forget_old_notifications"),
    ("0 4 * * *", "marketplace.cart.jobs.drop_abandoned_carts"),
    ("10 4 * * 0", "marketplace.catalog.photos.jobs.forget_unclaimed_files"),
    ("50 5 * * *", "escrow.payouts.jobs.net_debts"),
    ("0 6 * * *", "escrow.payouts.jobs.pay_out_due_sellers"),
    # Last: a simulated beat of the whole table proves the book after the work, not before it.
    ("41 * * * *", "escrow.ledger.jobs.prove_book"),
]


def load() -> None:
    """Make every room's jobs known to the queue, and the table above to its clock."""
    for name in job_modules():
        import_module(name)
    for cron, path in SCHEDULE:
        _repeat(cron, path)


def job_modules() -> list[str]:
    """`<package>.….jobs` of every room in the house; core.jobs is the machinery itself."""
    storeys = [config.name for config in apps.get_app_configs() if (ROOT / config.name / "__init__.py").exists()]
    found = (file for storey in storeys for file in (ROOT / storey).rglob("jobs.py"))
    names = (".".join(file.relative_to(ROOT).with_suffix("").parts) for file in found)
    return sorted(name for name in names if name != "core.jobs")


def _repeat(cron: str, path: str) -> None:
    job: Callable[..., Any] = import_string(path)

    def run(timestamp: int) -> None:
        job()

    # The queueing lock keeps one waiting row at most when the workers were away or cannot keep up.
    task = app.task(name=f"recurring:{path}", queue="recurring", queueing_lock=f"recurring:{path}")(run)
    app.periodic(cron=cron)(task)
