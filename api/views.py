"""The views that every resource module builds on."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from api import bodies, idempotency, step_up
from api.questions import NoQuestion, answered
from core.actors import Actor


class Negotiation(DefaultContentNegotiation):
    """By the Accept header alone: `?format=` is a parameter like any other."""

    settings = SimpleNamespace(URL_FORMAT_OVERRIDE=None)


class SoukViewSet(GenericViewSet[Any]):
    """Base of every resource. A subclass must say who may call it:

    `access`        "anyone" | "person" | "staff", or a dict by action (see api.auth.Declared)
    `scope`         the token scope that writing needs: "buy", "sell", "account", "staff"
    `permission`    the sentence that the schema shows, or a dict by action
    `idempotent`    names of the actions that take an Idempotency-Key
    `questions`     what may be asked in the address, a serializer by action; nothing where none is named
    `guest_shows`   the schema's name of the token with which a guest calls; `needs_nothing`: the actions that do without it
    `step_up`       names of the actions that need a fresh proof of who asks (see api.step_up)
    `paged`         names of the actions that answer in cursor pages
    """

    access: ClassVar[str | dict[str, str]]
    scope: ClassVar[str] = "account"
    permission: ClassVar[str | dict[str, str]]
    staff_groups: ClassVar[tuple[str, ...]] = ()
    idempotent: ClassVar[tuple[str, ...]] = ()
    questions: ClassVar[dict[str, type[Any]]] = {}
    guest_shows: ClassVar[str] = ""
    step_up: ClassVar[tuple[str, ...]] = ()
    needs_nothing: ClassVar[tuple[str, ...]] = ()
    paged: ClassVar[tuple[str, ...]] = ("list",)
    content_negotiation_class = Negotiation
    lookup_field = "reference"
    lookup_value_regex = "[0-9A-Za-z]{1,40}"
    filterset_class: ClassVar[Any] = None
    asked: dict[str, Any]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not hasattr(cls, "access") or not hasattr(cls, "permission"):
            raise ImproperlyConfigured(f"{cls.__name__} must declare `access` and `permission`.")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """What is not there is not there for anybody; then who asks; then what is asked."""
        if request.method != "OPTIONS" and str(request.method).lower() not in self.action_map:
            raise MethodNotAllowed(str(request.method))
        super().initial(request, *args, **kwargs)
        if self.action in self.step_up:
            step_up.demand(request)
        question = self.questions.get(self.action or "", NoQuestion)
        if request.query_params or question is not NoQuestion:
            paged = self.pagination_class is not None and self.action in self.paged
            filters = tuple(self.filterset_class.base_filters) if self.action in self.paged and self.filterset_class else ()
            self.asked = answered(request, question, paged=paged, filters=filters)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Which methods there are, in the header Allow."""
        return Response(status=204)

    def check_permissions(self, request: Request) -> None:
        """Anybody may ask which methods there are."""
        if request.method != "OPTIONS":
            super().check_permissions(request)

    def once(self, effect: Callable[[], dict[str, Any]], *, status: int = 200) -> Response:
        """See api.idempotency.once."""
        return idempotency.once(self.request, effect, status=status)

    def read(self, serializer_class: type[Any], **options: Any) -> dict[str, Any]:
        """The validated body."""
        context = {"request": self.request, "view": self}
        if not options:
            return bodies.validated(serializer_class, data=self.request.data, context=context)
        serializer = serializer_class(data=self.request.data, context=context, **options)
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
