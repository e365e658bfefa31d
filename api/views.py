"""The views that every resource module builds on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from api import idempotency
from core.actors import Actor


class SoukViewSet(GenericViewSet[Any]):
    """Base of every resource. A subclass must say who may call it:

    `access`        "anyone" | "person" | "staff", or a dict by action (see api.auth.Declared)
    `scope`         the token scope that writing needs: "buy", "sell", "account", "staff"
    `permission`    the sentence that the schema shows, or a dict by action
    `idempotent`    names of the actions that take an Idempotency-Key
    """

    access: ClassVar[str | dict[str, str]]
    scope: ClassVar[str] = "account"
    permission: ClassVar[str | dict[str, str]]
    staff_groups: ClassVar[tuple[str, ...]] = ()
    idempotent: ClassVar[tuple[str, ...]] = ()
    lookup_field = "reference"
    lookup_value_regex = "[0-9A-Za-z]{1,40}"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not hasattr(cls, "access") or not hasattr(cls, "permission"):
            raise ImproperlyConfigured(f"{cls.__name__} must declare `access` and `permission`.")

    def once(self, effect: Callable[[], dict[str, Any]], *, status: int = 200) -> Response:
        """See api.idempotency.once."""
        return idempotency.once(self.request, effect, status=status)

    def read(self, serializer_class: type[Any], **options: Any) -> dict[str, Any]:
        """The validated body."""
        serializer = serializer_class(data=self.request.data, context={"request": self.request, "view": self}, **options)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    @property
    def actor(self) -> Actor:
        """The caller as an Actor."""
        return actor_of(self.request)


def actor_of(request: Request) -> Actor:
    """The caller of a request as an Actor; a stranger is a guest without a name."""
    from accounts.users import queries as users

    return users.actor_of(request.user) if request.user.is_authenticated else Actor("guest")


def permission_of(view: APIView) -> str:
    """The sentence of the view's current action for the schema."""
    sentence = getattr(view, "permission", "")
    return sentence.get(getattr(view, "action", "") or "", "") if isinstance(sentence, dict) else sentence
