"""To whom something is told: a person with an account, or a guest with an address."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.users.models import User


@dataclass(frozen=True, slots=True)
class Recipient:
    """`user` is None for guests; they get the letter alone."""

    user: User | None
    email: str
    language: str

    @classmethod
    def of_user(cls, user: User) -> Recipient:
        """A person with an account, in their own language."""
        return cls(user, user.email, user.language)

    @classmethod
    def of_guest(cls, email: str, language: str) -> Recipient:
        """An address, in the language that the guest used."""
        return cls(None, email, language)
