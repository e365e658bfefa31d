"""The index of this storey's tables: re-exports the models of its rooms."""

from vendors.members.models import Invitation, Member
from vendors.policies.models import Policy
from vendors.profiles.models import Vendor, VendorGroupObjectPermission, VendorUserObjectPermission

__all__ = ["Invitation", "Member", "Policy", "Vendor", "VendorGroupObjectPermission", "VendorUserObjectPermission"]
