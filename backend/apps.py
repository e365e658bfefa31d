from django.apps import AppConfig


class BackendConfig(AppConfig):
    name = "backend"
    label = "backend"
    verbose_name = "Backend"

    def ready(self) -> None:
        from backend import checks, schedule  # noqa: F401 (importing checks registers them)

        schedule.load()
