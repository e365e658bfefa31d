"""Reactions of this room."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.models import Group
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from accounts.users.models import STAFF_GROUPS


@receiver(post_migrate, dispatch_uid="accounts.users.make_staff_groups")
def make_staff_groups_when_migrated(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """The desks exist in every database, also in one that a test has just emptied."""
    if sender.name == "accounts":
        for name in STAFF_GROUPS:
            Group.objects.using(using).get_or_create(name=name)
