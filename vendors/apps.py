from django.apps import AppConfig


class VendorsConfig(AppConfig):
    name = "vendors"
    label = "vendors"
    verbose_name = "Vendors"

    def ready(self) -> None:
        import vendors.holidays.receivers
        import vendors.members.receivers
        import vendors.policies.receivers  # noqa: F401
        from vendors.policies.queries import policy_step
        from vendors.profiles.queries import add_step

        add_step(policy_step)
