"""Which commission applies today."""

from django.conf import settings

from escrow.fees.commission import CommissionTerms, commission_of, commission_of_lines
from escrow.fees.models import CommissionPlan

__all__ = ["CommissionTerms", "commission_of", "commission_of_lines", "terms_for"]


def terms_for(party_key: str, category_slug: str) -> CommissionTerms:
    """The narrowest plan: seller and category, then seller, then category, then everyone's; without any, the platform's own rate."""
    plans = {
        (plan.party, plan.category_slug): plan
        for plan in CommissionPlan.objects.filter(party__in=("", party_key), category_slug__in=("", category_slug))
    }
    for scope in ((party_key, category_slug), (party_key, ""), ("", category_slug), ("", "")):
        if plan := plans.get(scope):
            return CommissionTerms(rate_bp=plan.rate_bp, tax_bp=settings.COMMISSION_TAX_BP)
    return CommissionTerms(rate_bp=settings.COMMISSION_RATE_BP, tax_bp=settings.COMMISSION_TAX_BP)
