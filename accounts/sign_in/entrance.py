"""allauth's forms in our words (ACCOUNT_FORMS): labels that say what is meant, no placeholders, one line about passwords."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _

PASSWORD_HINT = _("At least 10 characters. Three words that do not belong together are good; one that everybody uses is refused.")
LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "password1": _("Password"),
    "password2": _("Password, once more"),
    "oldpassword": _("Your password now"),
    "code": _("Code"),
    "remember": _("Stay signed in"),
}


class OurWords(forms.Form):
    """Goes before an allauth form in the list of bases."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.error_messages["required"] = _("Please fill this in.")
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            field.help_text = PASSWORD_HINT if name == "password1" else "" if name in LABELS else field.help_text


class LoginForm(OurWords, allauth_forms.LoginForm):
    """Sign in."""


class SignupForm(OurWords, allauth_forms.SignupForm):
    """Open an account."""


class AddEmailForm(OurWords, allauth_forms.AddEmailForm):
    """Use another address."""


class ChangePasswordForm(OurWords, allauth_forms.ChangePasswordForm):
    """Change the password."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password, once more")


class SetPasswordForm(OurWords, allauth_forms.SetPasswordForm):
    """Set a first password."""


class ResetPasswordForm(OurWords, allauth_forms.ResetPasswordForm):
    """Ask for the letter."""


class ResetPasswordKeyForm(OurWords, allauth_forms.ResetPasswordKeyForm):
    """Set the password anew."""


class ReauthenticateForm(OurWords, allauth_forms.ReauthenticateForm):
    """Is it you?"""


class ConfirmEmailVerificationCodeForm(OurWords, allauth_forms.ConfirmEmailVerificationCodeForm):
    """Prove the address."""


class ChangeEmailForm(OurWords, allauth_forms.ChangeEmailForm):
    """The address was mistyped."""
