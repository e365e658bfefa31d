"""Change many listings under one rule: the good ones go through, each failure is named, and nothing happens twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import count

from django.db import IntegrityError, transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from core import audit, jobs, locks
from core.actors import Actor
from core.errors import Invalid, Kind, Refusal, Stale
from core.money import exponent
from marketplace.assortment import actions
from marketplace.assortment.actions import Action, Move, Recategorise, Reprice, Restock
from marketplace.assortment.models import BulkChange
from marketplace.assortment.repricing import Rule, new_price
from marketplace.catalog.categories import queries as categories
from marketplace.catalog.listings import operations as listings
from marketplace.catalog.listings.content import Content
from marketplace.catalog.listings.models import Listing, Variant
from marketplace.catalog.listings.states import REMOVED
from marketplace.catalog.listings.variants import LONGEST_SKU, VariantDraft
from marketplace.catalog.photos import operations as photos
from marketplace.catalog.stock import operations as stock
from marketplace.sale_formats.fixed_price import operations as fixed_price
from marketplace.sale_formats.fixed_price.models import Price
from marketplace.sale_formats.fixed_price.operations import PriceDraft
from marketplace.sale_formats.fixed_price.pricing import Break
from vendors.models import Vendor

MOST_LISTINGS = 50_000
AT_A_TIME = 50
"""So many listings in one transaction: short enough that a buyer who wants one of them hardly waits."""


class NothingChosen(Refusal):
    code = "nothing_chosen"
    kind = Kind.UNPROCESSABLE
    sentence = _("Choose at least one listing.")


class TooManyChosen(Refusal):
    code = "too_many_chosen"
    kind = Kind.UNPROCESSABLE
    sentence = _("At most {most} listings can be changed at once. Narrow the list first.")


class ChangedMeanwhile(Stale):
    code = "listing_changed_meanwhile"
    sentence = _("This changed after you saw the preview, so it was left alone.")


class NothingToChange(Refusal):
    """Not a failure: the listing is as it should be already."""

    code = "nothing_to_change"
    sentence = _("Nothing to change.")


class NoPriceYet(Refusal):
    code = "no_price_yet"
    sentence = _("It has no price yet. Open it and set one.")


def begin(
    *, vendor: Vendor, listing_ids: Iterable[int], action: Action, key: str, actor: Actor, at: datetime, seen_at: datetime | None = None
) -> BulkChange:
    """Change these listings of the shop. The first fifty are changed before this returns, a job carries on with the rest.

    Sent again under the same `key`, nothing happens and the first change is the answer. What is not the shop's is not here.
    """
    chosen = sorted(set(listing_ids))
    if not chosen:
        raise NothingChosen(field="listings")
    if len(chosen) > MOST_LISTINGS:
        raise TooManyChosen(field="listings", most=MOST_LISTINGS)
    if isinstance(action, Recategorise) and not _is_leaf(action.slug):
        raise Invalid("slug", _("Choose a category from the list."))
    try:
        with transaction.atomic():
            change = BulkChange.objects.create(
                vendor=vendor,
                key=key[:64],
                action=actions.words_of(action),
                listings=chosen,
                seen_at=seen_at,
                language=get_language() or "en",
                actor_kind=actor.kind,
                actor_reference=actor.reference,
                begun_at=at,
            )
    except IntegrityError:
        return BulkChange.objects.get(vendor=vendor, key=key[:64])
    return carry_on(reference=change.reference, at=at)


def _is_leaf(slug: str) -> bool:
    return any(leaf.slug == slug for _branch, leaves in categories.where_things_go() for leaf in leaves)


def carry_on(*, reference: str, at: datetime) -> BulkChange:
    """The next fifty of a change, all in one transaction with the note of how far it has come: killed anywhere, it goes on there."""
    with transaction.atomic():
        change = locks.rows(BulkChange.objects.filter(reference=reference).select_related("vendor"))[0]
        if change.is_finished:
            return change
        batch = change.listings[change.done : change.done + AT_A_TIME]
        rows = {row.pk: row for row in locks.rows(Listing.objects.filter(pk__in=batch, vendor=change.vendor).select_related("category"))}
        with override(change.language):
            for pk in batch:
                _change_one(change, rows.get(pk), at)
        change.done += len(batch)
        if change.done == change.total:
            change.finished_at = at
        else:
            jobs.defer("marketplace.assortment.jobs.carry_on", reference=reference)
        change.save(update_fields=["done", "changed", "unchanged", "failures", "finished_at"])  # without the long list of what was chosen
    return change


def _change_one(change: BulkChange, listing: Listing | None, at: datetime) -> None:
    """A savepoint for each: what is refused leaves no trace but its name in the report."""
    try:
        if listing is None or listing.state == REMOVED:
            raise listings.ListingRemoved()
        if change.seen_at is not None and listing.changed_at > change.seen_at:
            raise ChangedMeanwhile()
        listing.vendor = change.vendor
        with transaction.atomic():
            _apply(listing, actions.of(change.action), Actor(change.actor_kind, change.actor_reference), at)  # type: ignore[arg-type]
        change.changed += 1
    except NothingToChange:
        change.unchanged += 1
    except Refusal as refused:
        said = {"code": refused.code, "sentence": refused.message}
        who = {"reference": listing.reference, "title": listing.title} if listing else {"reference": "", "title": ""}
        change.failures.append({**who, **said})


def _apply(listing: Listing, action: Action, actor: Actor, at: datetime) -> None:
    match action:
        case Reprice(rule):
            _reprice(listing, rule, actor, at)
        case Restock():
            _restock(listing, action, actor, at)
        case Move(move, reason):
            _move(listing, move, reason, actor, at)
        case Recategorise(slug):
            if listing.category and listing.category.slug == slug:
                raise NothingToChange()
            listings.change(listing=listing, content=Content(category=categories.by_slug(slug)), actor=actor, at=at)


def _reprice(listing: Listing, rule: Rule, actor: Actor, at: datetime) -> None:
    rows = list(Price.objects.filter(variant__listing=listing, variant__retired_at__isnull=True).select_related("variant"))
    if not rows:
        raise NoPriceYet()
    digits = exponent(listing.vendor.currency)
    drafts = [(row, _repriced(row, rule, digits, at)) for row in rows]
    changed = [(row, draft) for row, draft in drafts if draft.price_minor != row.price_minor]
    if not changed:
        raise NothingToChange()
    with listings.revision(listing=listing, actor=actor, at=at):
        for row, draft in changed:
            fixed_price.write_price(variant=row.variant, price=draft, actor=actor, at=at)


def _repriced(row: Price, rule: Rule, digits: int, at: datetime) -> PriceDraft:
    """The whole table under the rule; quantity prices move along, a running special stays what it was."""
    minor = new_price(row.price_minor, rule, digits)
    if minor < 1:
        raise Invalid("price", _("The price would fall below the smallest amount."))
    special = row.special if row.special_until is None or row.special_until > at else None
    if special and special.price_minor >= minor:
        raise Invalid("special", _("Its special price would not be lower any more. End the special first."))
    step_rule = rule if rule.kind != "set" else Rule("amount", minor - row.price_minor)
    steps = [Break(step.min_quantity, new_price(step.price_minor, step_rule, digits)) for step in row.breaks]
    if special is None:
        return PriceDraft(minor, row.min_quantity, breaks=steps)
    return PriceDraft(minor, row.min_quantity, special.price_minor, special.starts_at, special.ends_at, steps)


def _restock(listing: Listing, action: Restock, actor: Actor, at: datetime) -> None:
    counted = False
    for variant in listing.variants.offered():
        on_hand = action.quantity if action.kind == "set" else variant.on_hand + action.quantity
        if on_hand < 0:
            raise Invalid("on_hand", _("There are only {on_hand}: so many cannot be taken away."), on_hand=variant.on_hand)
        if on_hand != variant.on_hand:
            stock.count(variant=variant, on_hand=on_hand, actor=actor, at=at, reason="bulk")
            counted = True
    if not counted:
        raise NothingToChange()


def _move(listing: Listing, move: str, reason: str, actor: Actor, at: datetime) -> None:
    already = {"pause": ("paused",), "publish": ("published", "sold_out"), "resume": ("published", "sold_out")}
    if listing.state in already.get(move, ()):
        raise NothingToChange()
    if move in ("publish", "resume"):
        move = "resume" if listing.state == "paused" else "publish"
    if move == "remove":
        listings.remove(listing=listing, actor=actor, at=at, reason=reason)
    else:
        getattr(listings, move)(listing=listing, actor=actor, at=at)


def duplicate(*, listing: Listing, actor: Actor, at: datetime) -> Listing:
    """A draft with the same words, photos, variants and ordinary prices; nothing in stock, and article numbers of its own."""
    with transaction.atomic():
        source = listings.lock(listing_id=listing.pk)
        if source.state == REMOVED:
            raise listings.ListingRemoved()
        content = Content(
            title=source.title,
            description=source.description,
            language=source.language,
            category=source.category,
            condition=source.condition,
            attributes=_still_asked(source),
            hand_overs=source.hand_overs,
            place=source.place,
        )
        copy = listings.draft(vendor=source.vendor, actor=actor, at=at)
        with listings.revision(listing=copy, actor=actor, at=at) as locked:
            listings.write_content(listing=locked, content=content)
            _copy_variants(source, locked, actor, at)
            photos.copy_all(source=source, listing=locked, at=at)
        audit.record(kind="listing", reference=copy.reference, name="duplicated", actor=actor, at=at, after={"from": source.reference})
    return copy


def _still_asked(source: Listing) -> dict[str, object]:
    """The answers that the category asks for today; what it asked years ago would be refused."""
    asked = {attribute.code for attribute in categories.attributes_of(source.category)} if source.category else set()
    return {code: answer for code, answer in source.attributes.items() if code in asked}


def _copy_variants(source: Listing, copy: Listing, actor: Actor, at: datetime) -> None:
    rows = list(source.variants.offered().select_related("price").prefetch_related("price_breaks"))
    taken = set(Variant.objects.filter(listing__vendor_id=source.vendor_id).exclude(sku="").values_list("sku", flat=True))
    plain = copy.variants.offered().get()
    drafts = []
    for row in rows:
        sku = _next_sku(row.sku, taken) if row.sku else ""
        taken.add(sku)
        drafts.append(VariantDraft(row.options, sku, plain.reference if not row.options else ""))
    for variant, row in zip(listings.write_variants(listing=copy, variants=drafts, at=at), rows, strict=True):
        if hasattr(row, "price"):
            steps = [Break(step.min_quantity, step.price_minor) for step in row.price_breaks.all()]
            fixed_price.write_price(
                variant=variant, price=PriceDraft(row.price.price_minor, row.price.min_quantity, breaks=steps), actor=actor, at=at
            )


def _next_sku(sku: str, taken: set[str]) -> str:
    """ "AB-1" → "AB-1-2", the first free one."""
    for number in count(2):
        suffix = f"-{number}"
        tried = f"{sku[: LONGEST_SKU - len(suffix)]}{suffix}"
        if tried not in taken:
            return tried
    raise AssertionError("Numbers do not end.")
