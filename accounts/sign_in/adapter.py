"""django-allauth's questions to us: how to store a new person, and how to send a letter."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.letters import layout
from accounts.letters import operations as letters
from accounts.sign_in import notices
from accounts.users import operations as users
from accounts.users.models import Language, User
from core import clock
from core.errors import Invalid


class AccountAdapter(DefaultAccountAdapter):
    """ACCOUNT_ADAPTER."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
        "incorrect_code": _("This is not the code that we sent. Look at the newest letter."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes and try again; the password still counts as before."),
    }

    def save_user(self, request: HttpRequest, user: User, form: forms.Form, commit: bool = True) -> User:
        """Store the person together with their party."""
        given = form.cleaned_data
        user.email = given["email"]
        user.name = users.tidy_name(given.get("name") or "")
        user.language = page_language()
        user.time_zone = zone_of(request)
        password = given.get("password1") or given.get("password")
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        return users.admit(user=user, at=clock.now())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put our own words on the way as a letter; a job hands it to the mail server."""
        words = notices.words_for(template_prefix, context)
        if words is None:
            super().send_mail(template_prefix, email, context)
            return
        text, html = layout.compose(title=words.title, paragraphs=words.paragraphs, action=words.action, link=words.link)
        letters.write(to=email, subject=words.title, text=text, html=html, at=clock.now())

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Notices about security are part of the account's own transaction where there is one."""
        with transaction.atomic():
            super().send_notification_mail(*args, **kwargs)


def page_language() -> str:
    """The language of the page from which the person signs up."""
    code = get_language() or settings.LANGUAGE_CODE
    return code if code in Language.values else settings.LANGUAGE_CODE


def zone_of(request: HttpRequest) -> str:
    """The zone that the browser named in its cookie (a script of the pages writes it); UTC when it is none."""
    try:
        return users.known_zone(request.COOKIES.get("time_zone", "UTC"))
    except Invalid:
        return "UTC"
