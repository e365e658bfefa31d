"""What is sold, agreed, delivered, and praised."""

from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    name = "marketplace"
    label = "marketplace"
    verbose_name = "Marketplace"

    def ready(self) -> None:
        from marketplace.catalog.alarms import receivers as alarm_receivers  # noqa: F401 (connects itself)
        from marketplace.catalog.listings import receivers  # noqa: F401
        from marketplace.checkout import receivers as checkout_receivers  # noqa: F401
        from marketplace.earnings import receivers as earning_receivers  # noqa: F401
        from marketplace.fulfilment import receivers as fulfilment_receivers  # noqa: F401
        from marketplace.orders import checks as order_checks  # noqa: F401
        from marketplace.orders import receivers as order_receivers  # noqa: F401
        from marketplace.papers import receivers as paper_receivers  # noqa: F401
        from marketplace.returns import checks as return_checks  # noqa: F401
        from marketplace.returns import receivers as return_receivers  # noqa: F401
        from marketplace.sale_formats import registry

        registry.introduce_all()
