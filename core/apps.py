from django.apps import AppConfig
from django.conf import settings

from core import crashes


class CoreConfig(AppConfig):
    name = "core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        crashes.arm(settings.CRASH_POINT)
