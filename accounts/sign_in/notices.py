"""The words of the account letters, in the language of the page from which they were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Words:
    """One letter before it is laid out."""

    title: str
    paragraphs: list[str]
    action: str = ""
    link: str = ""


def on_our_domain(url: str) -> str:
    """The same path under the configured address: a forged Host header never gets into a letter."""
    parts = urlsplit(url)
    return settings.SOUK.url + parts.path + (f"?{parts.query}" if parts.query else "")


def words_for(template: str, context: dict[str, Any]) -> Words | None:
    """The letter that allauth names `account/email/<name>`; None for one that we have no words for."""
    name = template.rsplit("/", 1)[-1]
    if name in ("email_confirmation", "email_confirmation_signup"):
        return _confirm(context)
    if name == "password_reset_key":
        paragraphs = [
            _("Somebody, probably you, asked to set a new password for your account."),
            _("If it was not you, do nothing: the password stays as it is."),
        ]
        return Words(_("Set a new password"), paragraphs, _("Set a new password"), on_our_domain(context["password_reset_url"]))
    if name == "account_already_exists":
        paragraphs = [
            _("Somebody, probably you, tried to open an account with this e-mail address. You have one already."),
            _("Sign in as usual. If you have forgotten the password, set a new one."),
        ]
        return Words(_("You already have an account"), paragraphs, _("Set a new password"), on_our_domain(reverse("account_reset_password")))
    if name == "unknown_account":
        paragraphs = [
            _("Somebody asked to set a new password for an account with this e-mail address, but there is none."),
            _("If it was you, perhaps you signed up with another address. If it was not you, do nothing."),
        ]
        return Words(_("There is no account with this address"), paragraphs, _("Open an account"), on_our_domain(reverse("account_signup")))
    return _security(name)


def _confirm(context: dict[str, Any]) -> Words:
    if code := context.get("code"):
        paragraphs = [
            _("Your code: {code}").format(code=code),
            _("Type it into the page that is open in your browser. It works for 15 minutes."),
            _("If you did not ask for this, do nothing."),
        ]
        return Words(_("{code} is your Souk code").format(code=code), paragraphs)
    paragraphs = [_("Confirm that this is your e-mail address."), _("If you did not ask for this, do nothing.")]
    return Words(_("Confirm your e-mail address"), paragraphs, _("Confirm"), on_our_domain(context["activate_url"]))


def _security(name: str) -> Words | None:
    facts = {
        "password_changed": _("The password of your account was changed."),
        "password_reset": _("The password of your account was set anew."),
        "password_set": _("The password of your account was set."),
        "email_changed": _("The e-mail address of your account was changed."),
        "email_confirm": _("An e-mail address of your account was confirmed."),
        "email_deleted": _("An e-mail address was removed from your account."),
    }
    if name not in facts:
        return None
    advice = _("If it was you, there is nothing to do. If it was not, set a new password now and end the sessions that are not yours.")
    return Words(facts[name], [facts[name], advice], _("See where you are signed in"), on_our_domain(reverse("storefront:account:sessions")))
