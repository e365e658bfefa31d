"""What each role may do. A role that is not in the table may do nothing."""

from __future__ import annotations

VIEW_SHOP = "view_shop"
EDIT_PROFILE = "edit_profile"
MANAGE_MEMBERS = "manage_members"
EDIT_LISTINGS = "edit_listings"
VIEW_ORDERS = "view_orders"
FULFIL_ORDERS = "fulfil_orders"
REFUND_ORDERS = "refund_orders"
VIEW_MONEY = "view_money"
MANAGE_PAYOUTS = "manage_payouts"

PERMISSIONS = frozenset(
    {
        VIEW_SHOP,
        EDIT_PROFILE,
        MANAGE_MEMBERS,
        EDIT_LISTINGS,
        VIEW_ORDERS,
        FULFIL_ORDERS,
        REFUND_ORDERS,
        VIEW_MONEY,
        MANAGE_PAYOUTS,
    }
)

OWNER = "owner"
ROLES: dict[str, frozenset[str]] = {
    OWNER: PERMISSIONS,
    "manager": PERMISSIONS - {MANAGE_PAYOUTS, MANAGE_MEMBERS},
    "lister": frozenset({VIEW_SHOP, EDIT_LISTINGS}),
    "packer": frozenset({VIEW_SHOP, VIEW_ORDERS, FULFIL_ORDERS}),
    "accountant": frozenset({VIEW_SHOP, VIEW_ORDERS, VIEW_MONEY}),
    "support": frozenset({VIEW_SHOP, VIEW_ORDERS, REFUND_ORDERS}),
}


def permissions_of(role: str) -> frozenset[str]:
    """The rights of a role; none for a word that is not a role."""
    return ROLES.get(role, frozenset())
