import pytest
from django.contrib.auth.models import Group
from django.test import Client

from core import clock
from escrow.payments.exceptions.operations import report
from escrow.payments.models import PaymentException
from tests.factories.escrow import post_fund
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/desk/ledger/",
    "/desk/ledger/?q=hold&kind=liability&currency=EUR&page=zzz",
    "/desk/ledger/?q=%00&kind=nonsense&currency=%27",
    "/desk/ledger/accounts/hold:H/",
    "/desk/ledger/transfers/",
    "/desk/ledger/transfers/?q=TRADE&event=fund&hold=H&page=-1",
    "/desk/ledger/transfers/fund:P:H/",
    "/desk/ledger/exceptions/",
]


def signed_in(group: str | None) -> Client:
    user = make_user(is_staff=bool(group))
    if group:
        user.groups.add(Group.objects.get_or_create(name=group)[0])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def exception() -> PaymentException:
    post_fund("fund:P:H", "H", 123456)
    return report(provider="sandbox", kind="refund_failed", object_ref="X", at=clock.now(), failure="account_closed")


@pytest.mark.parametrize("group", ["finance", "admins", "arbitrators"])
def test_staff_read_every_page(exception: PaymentException, group: str) -> None:
    client = signed_in(group)
    for page in PAGES:
        answer = client.get(page)
        assert answer.status_code == 200, page
    assert "€1,234.56" in client.get("/desk/ledger/accounts/hold:H/").content.decode()


@pytest.mark.parametrize("group", [None, "moderators"])
def test_others_find_nothing(exception: PaymentException, group: str | None) -> None:
    client = signed_in(group)
    assert {client.get(page).status_code for page in PAGES} == {404}
    assert client.post(f"/desk/ledger/exceptions/{exception.pk}/resolution/", {"resolution": "x"}).status_code == 404


def test_strangers_are_asked_to_sign_in(exception: PaymentException) -> None:
    assert Client().get("/desk/ledger/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("page", ["/desk/ledger/accounts/hold:NOBODY/", "/desk/ledger/transfers/none/"])
def test_unknown_things_are_not_there(page: str) -> None:
    assert signed_in("finance").get(page).status_code == 404


def test_resolution_is_written_down_once_by_finance(exception: PaymentException) -> None:
    address = f"/desk/ledger/exceptions/{exception.pk}/resolution/"
    assert signed_in("arbitrators").post(address, {"resolution": "paid by hand"}).status_code == 404
    client = signed_in("finance")
    assert client.post(address, {"resolution": "  "}).status_code == 422
    assert client.post(address, {"resolution": "x" * 301}).status_code == 422
    assert client.post(address, {"resolution": "Paid by bank transfer."}).status_code == 302
    client.post(address, {"resolution": "Another story."})
    exception.refresh_from_db()
    assert exception.resolution == "Paid by bank transfer."
    assert client.post("/desk/ledger/exceptions/999999/resolution/", {"resolution": "x"}).status_code == 404
