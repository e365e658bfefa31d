"""Sign-up, proof of the address, sign-in, reset; and that strangers learn nothing about who has an account."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.test import Client, override_settings

from accounts.users.models import User
from core import jobs
from tests.factories.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db
NEW = {"name": "Amina Rahal", "email": "amina@example.com", "password1": "lantern-harbour-42"}


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def letters(mailoutbox):
    jobs.run_due()
    return mailoutbox


def code_in(mail):
    return re.search(r"Your code: (\S+)|代码：(\S+)", mail.body)[1]


def test_sign_up_proves_the_address_by_code_and_signs_in(client, mailoutbox):
    answer = client.post("/accounts/signup/", NEW, follow=True)
    assert "Enter the code" in answer.content.decode()
    user = User.objects.get()
    assert (user.name, user.email, user.party.kind) == ("Amina Rahal", "amina@example.com", "user")
    assert not EmailAddress.objects.get().verified
    assert client.get("/you/").status_code == 302
    wrong = client.post("/accounts/confirm-email/", {"code": "AAAAAA"})
    assert "not the code" in wrong.content.decode()
    answer = client.post("/accounts/confirm-email/", {"code": code_in(letters(mailoutbox)[0])}, follow=True)
    assert EmailAddress.objects.get().verified
    assert "Amina Rahal" in answer.content.decode()


def test_sign_up_keeps_what_was_typed_when_something_is_wrong(client):
    answer = client.post("/accounts/signup/", {**NEW, "password1": "short"})
    page = answer.content.decode()
    assert "Amina Rahal" in page
    assert 'class="errors"' in page
    assert not User.objects.exists()


def test_sign_up_looks_the_same_for_a_known_address(mailoutbox):
    make_user("known@example.com")
    pages = []
    for email in ("new@example.com", "known@example.com"):
        answer = Client().post("/accounts/signup/", {**NEW, "email": email}, follow=True)
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|"X-CSRFToken": "[^"]+"', "", answer.content.decode())
        pages.append((answer.status_code, answer.redirect_chain, page.replace(email, "…")))
    assert pages[0] == pages[1]
    subjects = {mail.to[0]: mail.subject for mail in letters(mailoutbox)}
    assert "code" in subjects["new@example.com"]
    assert subjects["known@example.com"] == "You already have an account"
    assert User.objects.count() == 2


def test_reset_looks_the_same_for_an_unknown_address(mailoutbox):
    make_user("known@example.com")
    pages = []
    for email in ("known@example.com", "unknown@example.com"):
        answer = Client().post("/accounts/password/reset/", {"email": email}, follow=True)
        page = re.sub(r'value="[^"]+"|nonce="[^"]+"|"X-CSRFToken": "[^"]+"', "", answer.content.decode())
        pages.append((answer.status_code, answer.redirect_chain, page))
    assert pages[0] == pages[1]
    assert len(letters(mailoutbox)) == 2


def test_reset_sets_a_new_password_once(client, mailoutbox):
    user = make_user("known@example.com")
    client.post("/accounts/password/reset/", {"email": "known@example.com"})
    link = re.search(r"http://127\.0\.0\.1:8000(/\S+)", letters(mailoutbox)[0].body)[1]
    form = client.get(link, follow=True)
    assert "Set a new password" in form.content.decode()
    client.post(form.redirect_chain[-1][0], {"password1": "brass-lantern-77", "password2": "brass-lantern-77"})
    user.refresh_from_db()
    assert user.check_password("brass-lantern-77")
    assert "This link is over" in Client().get(link, follow=True).content.decode()


def test_letters_name_our_domain_whatever_the_host_header_says(client, mailoutbox):
    make_user("known@example.com")
    client.post("/accounts/password/reset/", {"email": "known@example.com"}, headers={"host": "localhost"})
    assert "http://127.0.0.1:8000/" in letters(mailoutbox)[0].body
    assert "localhost" not in mailoutbox[0].body


def test_sign_in_answers_alike_for_wrong_password_and_unknown_person(client):
    make_user("known@example.com")
    pages = []
    for email in ("known@example.com", "unknown@example.com"):
        answer = client.post("/accounts/login/", {"login": email, "password": "wrong-password"})
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|"X-CSRFToken": "[^"]+"', "", answer.content.decode())
        pages.append(page.replace(email, "…"))
    assert pages[0] == pages[1]


class CountedHasher(Argon2PasswordHasher):
    """Argon2 is nearly all of the time that a sign-in takes: equal runs of it are equal times, also on a busy machine."""

    runs = 0

    def encode(self, password, salt):
        type(self).runs += 1
        return super().encode(password, salt)

    def verify(self, password, encoded):
        type(self).runs += 1
        return super().verify(password, encoded)


@override_settings(PASSWORD_HASHERS=[f"{__name__}.CountedHasher"], ACCOUNT_RATE_LIMITS=False)
def test_sign_in_takes_alike_long_for_a_known_and_an_unknown_person():
    make_user("known@example.com")
    runs = []
    for email in ("known@example.com", "unknown@example.com"):
        CountedHasher.runs = 0
        Client().post("/accounts/login/", {"login": email, "password": "wrong-password"})
        runs.append(CountedHasher.runs)
    assert runs[0] == runs[1] > 0


def test_sign_in_and_out(client):
    make_user("known@example.com")
    answer = client.post("/accounts/login/", {"login": "Known@Example.com", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/you/")
    client.post("/accounts/logout/")
    assert client.get("/you/").status_code == 302


def test_sign_in_never_leads_off_the_site(client):
    make_user("known@example.com")
    answer = client.post(
        "/accounts/login/?next=https://evil.example/", {"login": "known@example.com", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith("//")


def test_sign_in_unproved_asks_for_the_code_first(client, mailoutbox):
    make_user("known@example.com", verified=False)
    answer = client.post("/accounts/login/", {"login": "known@example.com", "password": PASSWORD}, follow=True)
    assert "Enter the code" in answer.content.decode()
    assert client.get("/you/").status_code == 302


@override_settings(AXES_ENABLED=True, ACCOUNT_RATE_LIMITS=False)
def test_sign_in_is_locked_after_many_tries_for_known_and_unknown_alike():
    make_user("known@example.com")
    for email in ("known@example.com", "unknown@example.com"):
        client = Client()
        for _ in range(8):
            answer = client.post("/accounts/login/", {"login": email, "password": "wrong"})
        assert answer.status_code == 429, email
        right = client.post("/accounts/login/", {"login": email, "password": PASSWORD})
        assert right.status_code == 429, email
        assert "Too many tries" in right.content.decode()


def test_sign_in_is_rate_limited_per_account():
    make_user("known@example.com")
    answers = [Client().post("/accounts/login/", {"login": "known@example.com", "password": "wrong"}).content.decode() for _ in range(8)]
    assert "Too many tries" in answers[-1]


def test_email_change_needs_the_password_and_the_new_mailbox(client, mailoutbox):
    make_user("old@example.com")
    client.post("/accounts/login/", {"login": "old@example.com", "password": PASSWORD})
    session = client.session
    session["account_authentication_methods"] = [{**method, "at": 0} for method in session["account_authentication_methods"]]
    session.save()
    again = client.post("/accounts/email/", {"action_add": "", "email": "new@example.com"})
    assert again["Location"].startswith("/accounts/reauthenticate/")
    answer = client.post(again["Location"], {"password": PASSWORD}, follow=True)
    assert User.objects.get().email == "old@example.com"
    if "Enter the code" not in answer.content.decode():
        client.post("/accounts/email/", {"action_add": "", "email": "new@example.com"}, follow=True)
    to_new = [mail for mail in letters(mailoutbox) if mail.to == ["new@example.com"]]
    client.post("/accounts/confirm-email/", {"code": code_in(to_new[-1])})
    assert User.objects.get().email == "new@example.com"
    assert any(mail.to == ["old@example.com"] for mail in letters(mailoutbox))


@pytest.mark.parametrize("path", ["login/", "signup/", "password/reset/"])
def test_the_entrance_speaks_chinese(client, path):
    client.cookies["django_language"] = "zh-hans"
    answer = client.get(f"/accounts/{path}")
    assert answer.status_code == 200
    assert '<html lang="zh-Hans">' in answer.content.decode()


def test_an_address_of_a_button_opened_as_a_page_says_so(client):
    answer = client.get("/basket/lines/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "This is no page" in answer.content.decode()
