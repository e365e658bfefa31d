from collections.abc import Iterator

import pytest

from escrow.providers.stripe import connection
from escrow.providers.stripe.provider import Stripe
from tests.escrow.providers.stripe.judge import sitting
from tests.escrow.providers.stripe.wire import FakeStripe


@pytest.fixture
def wire() -> Iterator[FakeStripe]:
    """Everything that the adapter says ends here."""
    fake = FakeStripe()
    with connection.using(connection.built("sk_test_1", "", fake, retries=0)):
        yield fake


@pytest.fixture(scope="session")
def judge() -> Iterator[str]:
    """The address of stripe-mock."""
    with sitting() as address:
        yield address


@pytest.fixture
def stripe(wire: FakeStripe, settings) -> Stripe:  # type: ignore[no-untyped-def]
    settings.STRIPE_SECRET_KEY = "sk_test_1"
    settings.STRIPE_PAYMENT_METHODS = ("card", "alipay", "wechat_pay", "klarna")
    settings.STRIPE_WEBHOOK_SECRETS = ("whsec_new", "whsec_old")
    return Stripe()
