import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core import clock
from escrow.providers.sandbox.models import SandboxEvent
from tests.factories.escrow import pay, start_payment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("funded_on_payment")]


def test_reconcile_lists_what_differs_and_heals_when_told() -> None:
    pay(start_payment(), manner="drop")
    clock.travel(timedelta(minutes=6))
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("reconcile", "--json", "--heal", stdout=out)
    told = json.loads(out.getvalue())
    assert ended.value.code == 1
    assert {"provider": "sandbox", "thing": "message", "fault": "missing", "ref": SandboxEvent.objects.get().ref} in told["differences"]
    call_command("reconcile", stdout=(out := StringIO()))
    assert out.getvalue() == "0 differences\n"


def test_reconcile_refuses_a_window_without_days() -> None:
    with pytest.raises(CommandError, match="whole number"):
        call_command("reconcile", "--days", "0")
