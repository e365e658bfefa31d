"""The list behind the bell."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import Referenced

CATEGORIES = ("orders", "stock")  # what people may ask for; a room that tells something else adds its word


class NotificationSet(models.QuerySet["Notification"]):
    """Sets of notifications."""

    def unread(self) -> Self:
        """Not opened yet."""
        return self.filter(read_at=None)


class Notification(Referenced):
    """`key` names the event: (user, key) is told once. `category` is one of CATEGORIES; `url` a path on this site."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications", db_index=False
    )  # the index below begins with it
    key = models.CharField(max_length=120)
    category = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Notification]] = NotificationSet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint("user", "key", name="notification_told_once")]
        indexes = [models.Index("user", condition=Q(read_at=None), name="notification_unread")]
