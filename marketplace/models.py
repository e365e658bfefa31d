"""The index of this storey's tables: re-exports the models of its rooms."""

from marketplace.cart.models import Cart, CartLine
from marketplace.catalog.categories.models import AttributeDefinition, Category
from marketplace.catalog.listings.models import Listing, ListingVersion, Variant
from marketplace.catalog.photos.models import Photo
from marketplace.catalog.stock.models import Reservation, StockMove
from marketplace.sale_formats.fixed_price.models import Price, PriceBreak, PriceChange

__all__ = [
    "AttributeDefinition",
    "Cart",
    "CartLine",
    "Category",
    "Listing",
    "ListingVersion",
    "Photo",
    "Price",
    "PriceBreak",
    "PriceChange",
    "Reservation",
    "StockMove",
    "Variant",
]
