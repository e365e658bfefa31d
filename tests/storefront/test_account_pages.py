"""Pages about oneself: they open, they keep what was typed, and they show nothing of anybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client, override_settings

from accounts.addresses import operations as addresses
from accounts.addresses.models import Address
from accounts.tokens import operations as tokens
from accounts.tokens.models import ApiToken
from accounts.users.models import User
from core import clock
from messaging.notifications import operations as notifications
from messaging.notifications.recipients import Recipient
from tests.factories.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db
GERMAN = {"name": "Amina Rahal", "street": "Karl-Heine-Str. 1", "city": "Leipzig", "postcode": "04229", "country": "DE"}
PAGES = ["", "profile/", "addresses/", "addresses/new/", "addresses/fields/?country=US", "tokens/", "sessions/", "notifications/"]


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def person():
    return make_user()


@pytest.fixture
def client(person):
    signed_in = Client()
    signed_in.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return signed_in


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_open_in_both_languages(client, path, language):
    User.objects.update(language=language)
    answer = client.get(f"/you/{path}")
    assert answer.status_code == 200
    if "fields" not in path:
        assert f'<html lang="{"zh-Hans" if language == "zh-hans" else "en"}">' in answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_pages_send_strangers_to_the_entrance(path):
    answer = Client().get(f"/you/{path}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/you/")


def test_profile_saves_and_speaks_the_new_language_at_once(client, person):
    answer = client.post("/you/profile/", {"name": "Mina", "language": "zh-hans", "time_zone": "Asia/Shanghai"}, follow=True)
    assert '<html lang="zh-Hans">' in answer.content.decode()
    assert client.cookies["django_language"].value == "zh-hans"


def test_profile_refuses_junk_and_keeps_it_on_the_page(client, person):
    answer = client.post("/you/profile/", {"name": "Mi\x1bna", "language": "tlh", "time_zone": "Mars"})
    assert answer.status_code == 422
    person.refresh_from_db()
    assert person.name == "Amina Rahal"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_language_switch_never_leads_off_the_site(back):
    answer = Client().post("/language/", {"language": "zh-hans", "next": back})
    assert answer["Location"] == "/"


def test_language_switch_is_remembered_for_guests_and_people(client, person):
    guest = Client()
    guest.post("/language/", {"language": "zh-hans", "next": "/accounts/login/"})
    assert '<html lang="zh-Hans">' in guest.get("/accounts/login/").content.decode()
    client.post("/language/", {"language": "zh-hans", "next": "/you/"})
    person.refresh_from_db()
    assert person.language == "zh-hans"


def test_address_is_added_changed_and_removed(client, person):
    client.post("/you/addresses/new/", GERMAN)
    address = Address.objects.get()
    client.post(f"/you/addresses/{address.reference}/", {**GERMAN, "city": "Halle"})
    assert Address.objects.get().city == "Halle"
    client.post(f"/you/addresses/{address.reference}/removal/")
    assert not Address.objects.exists()


def test_address_errors_stand_at_their_fields_and_keep_the_rest(client):
    answer = client.post("/you/addresses/new/", {**GERMAN, "postcode": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_postcode"' in page
    assert "Karl-Heine-Str. 1" in page
    assert not Address.objects.exists()


def test_address_form_asks_what_the_country_asks(client):
    american = client.get("/you/addresses/fields/?country=US&name=Ann").content.decode()
    assert "California" in american
    assert 'value="Ann"' in american
    assert 'name="district"' not in american
    assert 'name="postcode"' not in client.get("/you/addresses/fields/?country=AE").content.decode()
    assert client.get("/you/addresses/fields/?country=../../etc").status_code == 200


def test_another_persons_things_are_not_there(client):
    other, at = make_user(), clock.now()
    address = addresses.add(user=other, data=addresses.address_data(**GERMAN), at=at)
    token, _secret = tokens.issue(user=other, name="Theirs", scopes=["read"], expires_at=at + timedelta(days=1), at=at)
    told = notifications.notify(to=Recipient.of_user(other), category="order", key="k", title="Secret", body="", url="/", at=at)
    assert client.get(f"/you/addresses/{address.reference}/").status_code == 404
    assert client.post(f"/you/addresses/{address.reference}/", GERMAN).status_code == 404
    assert client.post(f"/you/addresses/{address.reference}/removal/").status_code == 404
    assert client.post(f"/you/addresses/{address.reference}/default/").status_code == 404
    assert client.post(f"/you/tokens/{token.reference}/revocation/").status_code == 404
    assert client.get(f"/you/notifications/{told.reference}/").status_code == 404
    assert "Secret" not in client.get("/you/notifications/").content.decode()
    assert Address.objects.exists()
    assert ApiToken.objects.get().revoked_at is None


def test_token_is_shown_once(client):
    answer = client.post("/you/tokens/", {"name": "Script", "scopes": ["read", "sell"], "days": "30"})
    assert "souk_" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    secret = answer.context["secret"]
    assert secret not in client.get("/you/tokens/").content.decode()
    client.post(f"/you/tokens/{ApiToken.objects.get().reference}/revocation/")
    assert ApiToken.objects.get().revoked_at


def test_sessions_end_one_by_one_and_all_others():
    make_user("known@example.com")
    here, there, elsewhere, eve = Client(), Client(), Client(), Client()
    make_user("eve@example.com")
    for browser, email in [(here, "known"), (there, "known"), (elsewhere, "known"), (eve, "eve")]:
        browser.post("/accounts/login/", {"login": f"{email}@example.com", "password": PASSWORD})
    rows = here.get("/you/sessions/").context["rows"]
    assert len(rows) == 3
    other = next(row for row, mine, _words in rows if not mine and row.session_key == there.session.session_key)
    assert eve.post(f"/you/sessions/{other.pk}/end/").status_code == 404
    here.post(f"/you/sessions/{other.pk}/end/")
    assert there.get("/you/").status_code == 302
    assert elsewhere.get("/you/").status_code == 200
    here.post("/you/sessions/others/end/")
    assert elsewhere.get("/you/").status_code == 302
    assert here.get("/you/").status_code == 200
    assert eve.get("/you/").status_code == 200
    assert Session.objects.count() >= 2


def test_notification_is_read_when_it_is_followed(client, person):
    told = notifications.notify(to=Recipient.of_user(person), category="order", key="k", title="Paid", body="", url="/orders/ABC/", at=clock.now())
    assert client.get("/you/").context["unread_count"]() == 1
    answer = client.get(f"/you/notifications/{told.reference}/")
    assert answer["Location"] == "/orders/ABC/"
    assert client.get("/you/").context["unread_count"]() == 0


def test_letter_box_is_closed_where_anything_is_real(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    assert Client().get("/you/outbox/").status_code == 200
    from dataclasses import replace

    for change in ({"allow_sandbox": False}, {"url": "http://souk.example"}, {"url": "https://127.0.0.1"}):
        with override_settings(SOUK=replace(settings.SOUK, **change)):
            assert Client().get("/you/outbox/").status_code == 404, change


def test_letter_box_shows_mails_as_text(settings, tmp_path):
    from django.core.mail import send_mail

    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    send_mail("<b>您好</b>", "http://127.0.0.1:8000/x/ <script>alert(1)</script>", None, ["amina@example.com"])
    page = Client().get("/you/outbox/?to=amina").content.decode()
    assert "&lt;b&gt;您好" in page
    assert 'href="http://127.0.0.1:8000/x/"' in page
    assert "<script>alert" not in page
    assert "amina@example.com" not in Client().get("/you/outbox/?to=nora").content.decode()
