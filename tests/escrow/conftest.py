from collections.abc import Iterator

import pytest

from escrow.payments.signals import payment_succeeded
from tests.factories.escrow import fund_when_paid


@pytest.fixture
def funded_on_payment() -> Iterator[None]:
    """Payments of these tests have no holds of their own; something must take the money."""
    payment_succeeded.connect(fund_when_paid)
    yield
    payment_succeeded.disconnect(fund_when_paid)
