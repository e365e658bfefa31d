from importlib import import_module
from pathlib import Path

from django.apps import AppConfig


class EscrowConfig(AppConfig):
    name = "escrow"
    label = "escrow"
    verbose_name = "Escrow"

    def ready(self) -> None:
        """Connect every room's reactions and make every room's checks known."""
        here = Path(__file__).parent
        for receivers in (
            "escrow.holds.receivers",
            "escrow.plans.receivers",
            "escrow.payouts.receivers",
            "escrow.chargebacks.receivers",
            "escrow.disputes.receivers",
        ):
            import_module(receivers)
        for file in sorted(here.glob("*/checks.py")):
            import_module(f"escrow.{file.parent.name}.checks")
        for file in sorted(here.glob("ledger/checks/[a-z]*.py")):
            import_module(f"escrow.ledger.checks.{file.stem}")
