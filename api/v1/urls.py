"""Every resource of version 1, in one table. Owners add a line each."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from api import permissions
from api.docs import DocsView
from api.v1 import (
    addresses,
    bulk_changes,
    cart,
    categories,
    chargebacks,
    checkouts,
    desk_issues,
    desk_late_refunds,
    desk_returns,
    disputes,
    imports,
    me,
    members,
    my_listings,
    notifications,
    orders,
    papers,
    payments,
    payouts,
    photos,
    pickup_places,
    public_listings,
    returns,
    sales,
    sandbox_bank,
    search,
    shipping_methods,
    tokens,
    vendors,
)

app_name = "v1"

router = SimpleRouter()
# Addresses are tried one after the other: what a purchase asks for comes first.
router.register("checkouts", checkouts.CheckoutView, "checkout")
router.register("orders", orders.OrderView, "order")
router.register("sandbox_bank", sandbox_bank.SandboxBankView, "sandbox-bank")
router.register("search", search.SearchView, basename="search")
router.register("listings", public_listings.PublicListingView, basename="public-listing")
router.register("categories", categories.CategoryView, "category")
router.register("my_listings", my_listings.MyListingView, "my-listing")
router.register(r"my_listings/(?P<listing_reference>[0-9A-Za-z]{1,40})/photos", photos.PhotoView, "listing-photo")
router.register("imports", imports.ImportView, "import")
router.register(r"vendors/(?P<vendor_slug>[-a-z0-9]{1,60})/listing_table", imports.ListingTableView, "listing-table")
router.register("addresses", addresses.AddressView, "address")
router.register("tokens", tokens.TokenView, "token")
router.register("notifications", notifications.NotificationView, "notification")
router.register("vendors", vendors.VendorView, "vendor")
router.register(r"vendors/(?P<vendor_slug>[-a-z0-9]{1,60})/bulk_changes", bulk_changes.BulkChangeView, "bulk-change")
router.register(r"vendors/(?P<vendor_slug>[-a-z0-9]{1,60})/members", members.MemberView, "member")
router.register(r"vendors/(?P<vendor_slug>[-a-z0-9]{1,60})/invitations", members.InvitationView, "invitation")
router.register(r"vendors/(?P<vendor_slug>[-a-z0-9]{1,60})/payouts", payouts.PayoutView, "payout")
router.register(r"vendors/(?P<vendor_slug>[-a-z0-9]{1,60})/balance", payouts.BalanceView, "balance")
router.register(r"vendors/(?P<vendor_slug>[-a-z0-9]{1,60})/papers", papers.ShopPaperView, "shop-paper")
router.register(r"vendors/(?P<vendor_slug>[-a-z0-9]{1,60})/statements", papers.StatementView, "statement")
router.register(r"orders/(?P<order_reference>[0-9A-Za-z]{1,40})/papers", papers.OrderPaperView, "order-paper")
router.register(r"vendors/(?P<vendor_slug>[-a-z0-9]{1,60})/chargebacks", chargebacks.ShopChargebackView, "shop-chargeback")
router.register("desk/chargebacks", chargebacks.DeskChargebackView, "desk-chargeback")
router.register("desk/late_refunds", desk_late_refunds.DeskLateRefundView, "desk-late-refund")
router.register("desk/returns", desk_returns.DeskReturnView, "desk-return")
router.register("desk/issues", desk_issues.DeskIssueView, "desk-issue")
router.register("invitations/acceptance", members.AcceptanceView, "acceptance")
router.register("sales", sales.SaleView, "sale")
router.register("returns", returns.ReturnView, "return")
router.register("shop_returns", returns.ShopReturnView, "shop-return")
router.register("shipping_methods", shipping_methods.ShippingMethodView, "shipping-method")
router.register("pickup_places", pickup_places.PickupPlaceView, "pickup-place")
router.register("payments", payments.PaymentView, "payment")

urlpatterns: list[URLPattern | URLResolver] = [
    path("cart/", cart.CartView.as_view({"get": "retrieve"}), name="cart"),
    path("cart/lines/", cart.CartView.as_view({"post": "add"}), name="cart-lines"),
    path("cart/lines/<slug:reference>/", cart.CartView.as_view({"patch": "change", "delete": "remove"}), name="cart-line"),
    path("schema/", SpectacularAPIView.as_view(permission_classes=[], authentication_classes=[], throttle_classes=[]), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    path("permissions/", permissions.page, name="permissions"),
    path("my_listings/<str:listing_reference>/photo_order/", photos.PhotoView.as_view({"put": "order"}), name="photo-order"),
    path("me/", me.me, name="me"),
    *router.urls,
    *disputes.addresses(),
]
