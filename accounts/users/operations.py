"""What a person does with their own row: sign up, change the profile, choose a language."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.parties import operations as parties
from accounts.users import queries
from accounts.users.models import Language, User
from accounts.users.signals import user_registered
from core import audit
from core.actors import Actor
from core.errors import Invalid, Kind, Refusal


class EmailTaken(Refusal):
    """Only for callers that may know (commands, the demo's seed); the sign-up page never says this."""

    code = "email_taken"
    kind = Kind.CONFLICT
    sentence = _("Somebody has an account with this e-mail address.")


@transaction.atomic
def register(
    *,
    email: str,
    at: datetime,
    password: str | None = None,
    name: str = "",
    language: str = settings.LANGUAGE_CODE,
    time_zone: str = "UTC",
    verified: bool = False,
    is_staff: bool = False,
    is_superuser: bool = False,
) -> User:
    """Make a person, with the party that they can owe and own as. `verified` skips the confirmation mail (seed, commands)."""
    address = User.objects.normalize_email(email).lower()
    user = User(
        email=address,
        name=tidy_name(name),
        language=known_language(language),
        time_zone=known_zone(time_zone),
        is_staff=is_staff,
        is_superuser=is_superuser,
    )
    user.set_password(password)
    admit(user=user, at=at)
    EmailAddress.objects.create(user=user, email=address, primary=True, verified=verified)
    return user


@transaction.atomic
def admit(*, user: User, at: datetime) -> User:
    """Store an unsaved user together with its party. The sign-up page comes here too, by way of allauth's adapter."""
    user.email = user.email.lower()
    user.joined_at = at
    user.party = parties.of_new_user(label=user.name or user.reference, at=at)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise EmailTaken(field="email") from error
    actor = Actor("user", user.reference)
    audit.record(kind="user", reference=user.reference, name="registered", actor=actor, at=at)
    user_registered.send(sender=User, user=user, at=at)
    return user


@transaction.atomic
def change_profile(
    *, user: User, actor: Actor, at: datetime, name: str | None = None, language: str | None = None, time_zone: str | None = None
) -> User:
    """Change what is given and leave the rest."""
    person = User.objects.select_for_update().get(pk=user.pk)
    before = {"name": person.name, "language": person.language, "time_zone": person.time_zone}
    after = {
        "name": person.name if name is None else tidy_name(name),
        "language": person.language if language is None else known_language(language),
        "time_zone": person.time_zone if time_zone is None else known_zone(time_zone),
    }
    if after != before:
        for field, value in after.items():
            setattr(person, field, value)
        person.save(update_fields=list(after))
        changed = [field for field in after if after[field] != before[field]]
        audit.record(kind="user", reference=person.reference, name="profile_changed", actor=actor, at=at, after={"changed": changed})
    return person


def tidy_name(name: str) -> str:
    """One line of at most 80 characters, without control characters."""
    tidy = " ".join(name.split())
    if len(tidy) > 80:
        raise Invalid("name", _("Use at most 80 characters."))
    if not tidy.isprintable():
        raise Invalid("name", _("Use letters, digits and spaces only."))
    return tidy


def known_language(code: str) -> str:
    """A language that the interface has."""
    if code not in Language.values:
        raise Invalid("language", _("Choose one of the languages of this site."))
    return code


def known_zone(name: str) -> str:
    """A name from the time zone database."""
    if name not in queries.known_zones():
        raise Invalid("time_zone", _("Choose a time zone from the list, such as Europe/Berlin."))
    return name
