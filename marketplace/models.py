"""The index of this storey's tables: re-exports the models of its rooms."""

from marketplace.assortment.models import BulkChange
from marketplace.cart.models import Cart, CartLine
from marketplace.catalog.alarms.models import StockAlarm
from marketplace.catalog.categories.models import AttributeDefinition, Category
from marketplace.catalog.listings.models import Listing, ListingVersion, Variant
from marketplace.catalog.photos.models import Photo
from marketplace.catalog.stock.models import Reservation, StockMove
from marketplace.checkout.models import Checkout
from marketplace.fulfilment.kinds.pickup.models import Pickup, PickupPlace
from marketplace.fulfilment.kinds.shipping.models import Shipment, ShippingMethod, TrackingEvent
from marketplace.importing.models import Import, ImportPicture, ImportProblem
from marketplace.orders.models import Order, OrderEvent, OrderLine
from marketplace.papers.models import Paper, PaperSeries
from marketplace.returns.models import Return, ReturnEvent, ReturnLine
from marketplace.sale_formats.fixed_price.models import Price, PriceBreak, PriceChange
from marketplace.statements.models import Statement

__all__ = [
    "AttributeDefinition",
    "BulkChange",
    "Cart",
    "CartLine",
    "Category",
    "Checkout",
    "Import",
    "ImportPicture",
    "ImportProblem",
    "Listing",
    "ListingVersion",
    "Order",
    "OrderEvent",
    "OrderLine",
    "Paper",
    "PaperSeries",
    "Photo",
    "Pickup",
    "PickupPlace",
    "Price",
    "PriceBreak",
    "PriceChange",
    "Reservation",
    "Return",
    "ReturnEvent",
    "ReturnLine",
    "Shipment",
    "ShippingMethod",
    "Statement",
    "StockAlarm",
    "StockMove",
    "TrackingEvent",
    "Variant",
]
