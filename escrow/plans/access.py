"""A part of a plan, by the plan that the caller may see."""

from core.errors import NotHere
from escrow.plans import queries
from escrow.plans.models import Plan, PlanPart


def part_of(plan: Plan | None, *, reference: str) -> PlanPart:
    """One part of this plan; anything else is not there."""
    part = queries.parts_of(plan).filter(reference=reference).first() if plan else None
    if part is None:
        raise NotHere
    return part
