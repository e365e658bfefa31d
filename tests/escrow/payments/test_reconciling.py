"""Our records against the bank's: what is missing comes in by itself, what differs is named, and nothing else is."""

from datetime import timedelta

import pytest

from core import clock, jobs
from core.money import Money
from escrow.payments.jobs import reconcile, reconcile_days, settle_statements
from escrow.payments.models import PaymentException, ProviderMovement, WebhookEvent
from escrow.payments.reconciling import operations as reconciling
from escrow.providers.sandbox import statement
from escrow.providers.sandbox.models import SandboxEvent, SandboxMovement
from tests.factories.escrow import paid_payment, pay, start_payment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("funded_on_payment")]


def found() -> list[tuple[str, str, str]]:
    at = clock.now()
    return [(one.thing, one.fault, one.ref) for one in reconciling.differences(provider="sandbox", since=at - timedelta(days=1), at=at)]


def test_lost_message_is_taken_in_within_ten_minutes() -> None:
    payment = pay(start_payment(), manner="drop")
    ref = SandboxEvent.objects.get().ref
    assert ("message", "missing", ref) not in found()  # it may still be on its way
    clock.travel(timedelta(minutes=6))
    assert ("message", "missing", ref) in found()
    reconcile.func()
    jobs.run_due()
    payment.refresh_from_db()
    assert payment.state == "succeeded"
    assert WebhookEvent.objects.get().state == "done"
    assert found() == []


def test_lost_line_of_long_ago_is_taken_in_and_explained() -> None:
    paid_payment()
    settle_statements.func()
    at = clock.now()
    paid_payment()
    SandboxMovement.objects.filter(pk=SandboxMovement.objects.latest("pk").pk).update(created_at=at - timedelta(hours=5))  # written late
    settle_statements.func()
    late = SandboxMovement.objects.latest("pk").ref
    assert found() == [("line", "missing", late)]
    reconcile_days.func()
    settle_statements.func()
    assert found() == []
    assert ProviderMovement.objects.get(ref=late).entry_key == f"settle:sandbox:{late}"


def test_exactly_what_was_broken_is_listed_and_put_before_a_person_once() -> None:
    for _ in range(6):
        paid_payment()
    statement.write(kind="other", source_ref="fee_1", gross=Money(-250, "EUR"), at=clock.now())
    settle_statements.func()
    clock.travel(timedelta(minutes=6))
    assert found() == []
    messages = list(WebhookEvent.objects.order_by("id").values_list("event_id", flat=True))
    lines = list(ProviderMovement.objects.order_by("id").values_list("ref", flat=True))
    WebhookEvent.objects.filter(event_id=messages[0]).update(name="payment.closed")
    SandboxEvent.objects.filter(ref=messages[1]).delete()
    ProviderMovement.objects.filter(ref=lines[2]).update(fee_minor=1)
    SandboxMovement.objects.filter(ref=lines[3]).delete()
    WebhookEvent.objects.filter(event_id=messages[4]).delete()
    assert found() == [
        ("line", "altered", lines[2]),
        ("line", "extra", lines[3]),
        ("message", "altered", messages[0]),
        ("message", "extra", messages[1]),
        ("message", "missing", messages[4]),
    ]
    reconcile.func()
    reconcile.func()
    kinds = sorted(PaymentException.objects.exclude(kind="movement_unexplained").values_list("kind", flat=True))
    assert kinds == ["line_altered", "line_extra", "message_altered", "message_extra"]
    assert WebhookEvent.objects.filter(event_id=messages[4]).exists()
