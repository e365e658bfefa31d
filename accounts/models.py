"""The index of this storey's tables: re-exports the models of its rooms."""

from accounts.addresses.models import Address
from accounts.letters.models import Letter
from accounts.parties.models import Party
from accounts.tokens.models import ApiToken
from accounts.users.models import User

__all__ = ["Address", "ApiToken", "Letter", "Party", "User"]
