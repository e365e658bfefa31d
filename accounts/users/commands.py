"""What Django's own commands (createsuperuser) call to make a person. Everybody else calls operations.register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager

from core import clock

if TYPE_CHECKING:
    from accounts.users.models import User


class UserManager(BaseUserManager["User"]):
    """A door like a page: it reads the clock and calls one operation."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person, with the party that they owe and own as."""
        from accounts.users import operations  # models are loaded before operations can be

        return operations.register(email=email, password=password, at=clock.now(), **fields)

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An administrator with a proved address."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True, "verified": True})
