from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        import accounts.step_up.receivers
        import accounts.users.receivers  # noqa: F401
