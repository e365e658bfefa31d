"""Which commission applies today."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from core.compiled import compiled
from escrow.fees.commission import CommissionTerms, commission_of, commission_of_lines
from escrow.fees.models import CommissionPlan

__all__ = ["CommissionTerms", "PublicRate", "commission_of", "commission_of_lines", "public_rates", "terms_for"]


@dataclass(frozen=True, slots=True)
class PublicRate:
    """What a sale costs its seller, as everybody may read it: in one category, or ('') everywhere else."""

    category_slug: str
    rate_bp: int


def public_rates() -> list[PublicRate]:
    """Everybody's rates: the general one first, then the categories that differ from it. What was agreed with one seller is not here."""
    plans = dict(CommissionPlan.objects.filter(party="").order_by("category_slug").values_list("category_slug", "rate_bp"))
    general = plans.pop("", settings.COMMISSION_RATE_BP)
    return [PublicRate("", general), *(PublicRate(slug, rate) for slug, rate in plans.items() if rate != general)]


def terms_for(party_key: str, category_slug: str) -> CommissionTerms:
    """The narrowest plan: seller and category, then seller, then category, then everyone's; without any, the platform's own rate."""
    plans = {(plan.party, plan.category_slug): plan for plan in _plans(party_key, category_slug)}
    for scope in ((party_key, category_slug), (party_key, ""), ("", category_slug), ("", "")):
        if plan := plans.get(scope):
            return CommissionTerms(rate_bp=plan.rate_bp, tax_bp=settings.COMMISSION_TAX_BP)
    return CommissionTerms(rate_bp=settings.COMMISSION_RATE_BP, tax_bp=settings.COMMISSION_TAX_BP)


@compiled
def _plans(party_key: str, category_slug: str) -> QuerySet[CommissionPlan]:
    return CommissionPlan.objects.filter(party__in=("", party_key), category_slug__in=("", category_slug))
