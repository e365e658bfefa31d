"""What I was told."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import serializers
from api.views import SoukViewSet
from core import clock
from messaging.notifications import operations as notifications
from messaging.notifications import queries
from messaging.notifications.models import CATEGORIES, Notification


class NotificationSerializer(serializers.Serializer[Any]):
    """One event that I was told about."""

    reference = serializers.CharField()
    category = serializers.CharField()
    title = serializers.CharField()
    body = serializers.CharField()
    url = serializers.CharField(help_text="A path on this site.")
    language = serializers.CharField()
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class ReadingSerializer(serializers.Serializer[Any]):
    """How many became read just now, and how many are left."""

    marked = serializers.IntegerField()
    unread = serializers.IntegerField()


class NotificationFilter(django_filters.FilterSet):
    """`unread=true` leaves out what I have read."""

    unread = django_filters.TypedChoiceFilter(
        choices=[("true", "true"), ("false", "false")], coerce=lambda word: word == "true", field_name="read_at", lookup_expr="isnull"
    )
    category = django_filters.ChoiceFilter(field_name="category", choices=[(word, word) for word in CATEGORIES])

    class Meta:
        model = Notification
        fields: list[str] = []


class NotificationView(SoukViewSet):
    """Notifications of the signed-in person."""

    access = "person"
    scope = "account"
    permission = "The person who was told."
    serializer_class = NotificationSerializer
    queryset = Notification.objects.none()
    filterset_class = NotificationFilter

    def get_queryset(self) -> QuerySet[Notification]:
        return queries.for_user(self.request.user) if self.request.user.is_authenticated else Notification.objects.none()

    def list(self, request: Request, **kwargs: Any) -> Response:
        """My notifications, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(NotificationSerializer(page, many=True).data)

    @extend_schema(request=None, responses=ReadingSerializer, operation_id="notifications_reading")
    @action(detail=True, methods=["post"], url_path="reading")
    def reading(self, request: Request, reference: str, **kwargs: Any) -> Response:
        """Mark one as read."""
        return self._mark(reference)

    @extend_schema(request=None, responses=ReadingSerializer, operation_id="notifications_reading_all", filters=False)
    @action(detail=False, methods=["post"], url_path="reading", url_name="reading-all", pagination_class=None)
    def reading_all(self, request: Request, **kwargs: Any) -> Response:
        """Mark all as read."""
        return self._mark(None)

    def _mark(self, reference: str | None) -> Response:
        marked = notifications.mark_read(user=self.request.user, reference=reference, at=clock.now())
        return Response({"marked": marked, "unread": queries.unread_count(self.request.user)})
