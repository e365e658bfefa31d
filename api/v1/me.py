"""Who I am: profile, language, time zone."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.users import operations as users
from accounts.users import queries
from accounts.users.models import User
from api import serializers
from api.views import SoukViewSet
from core import clock


class MeSerializer(serializers.Serializer[Any]):
    """My own row."""

    reference = serializers.CharField()
    email = serializers.EmailField()
    name = serializers.CharField(help_text="What other people see.")
    language = serializers.CharField(help_text="en or zh-hans")
    time_zone = serializers.CharField()
    joined_at = serializers.DateTimeField()
    staff_groups = serializers.SerializerMethodField()

    def get_staff_groups(self, user: User) -> list[str]:
        return sorted(queries.staff_groups_of(user))


class MeChangeSerializer(serializers.Serializer[Any]):
    """What I may change; leave out what stays."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=80)
    language = serializers.CharField(required=False, max_length=10, help_text="en or zh-hans")
    time_zone = serializers.CharField(required=False, max_length=50, help_text="A name from the time zone database, such as Europe/Berlin.")


class MeView(SoukViewSet):
    """The signed-in person."""

    access = "person"
    scope = "account"
    permission = "The signed-in person, about themselves."
    serializer_class = MeSerializer
    pagination_class = None

    @extend_schema(responses=MeSerializer, operation_id="me_retrieve")
    def show(self, request: Request, **kwargs: Any) -> Response:
        """My profile."""
        return Response(MeSerializer(request.user).data)

    @extend_schema(request=MeChangeSerializer, responses=MeSerializer, operation_id="me_change")
    def change(self, request: Request, **kwargs: Any) -> Response:
        """Change my name, language or time zone."""
        person = users.change_profile(user=request.user, actor=self.actor, at=clock.now(), **self.read(MeChangeSerializer))
        return Response(MeSerializer(person).data)


me = MeView.as_view({"get": "show", "patch": "change"})
