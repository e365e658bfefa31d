"""The index of this storey's tables: re-exports the models of its rooms."""

from messaging.notifications.models import Notification

__all__ = ["Notification"]
