from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import BinaryIO

import structlog
from django.core.files import File
from django.core.files.storage import storages
from django.db import DataError, IntegrityError, transaction
from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.users import queries as users
from core import audit, crashes, jobs, locks, money
from core.actors import SYSTEM, Actor
from core.errors import Busy, Invalid, NotHere
from core.states import MoveNotAllowed
from marketplace.catalog.categories.attributes import Attribute
from marketplace.catalog.listings import content
from marketplace.catalog.listings.models import LARGEST_STOCK
from marketplace.importing import chunks, columns, queries, tables, words
from marketplace.importing.chunks import Comparison, Place, Reading, Seen
from marketplace.importing.models import Import
from marketplace.importing.states import FLOW, RUNNING, UPLOADED
from marketplace.importing.tables import Form, Row, Unreadable
from marketplace.importing.terms import PRICES, Terms
from marketplace.importing.wishes import CategoryBook, Remark
from vendors.models import Vendor

log = structlog.get_logger(__name__)
CHUNK = 250
SAMPLE = 200
PATIENCE = 5
DEAD_AFTER = timedelta(seconds=20)  # a living one speaks with every chunk
Told = Callable[[Import], None]
Clock = Callable[[], datetime]
Numbered = list[tuple[Row, Place]]


def _silently(_batch: Import) -> None:
    """Nobody watches."""


def upload(*, vendor: Vendor, user: User | None, name: str, file: BinaryIO, terms: Terms, actor: Actor, at: datetime) -> Import:
    """Look at a table, guess its columns, and keep it until the seller says begin."""
    batch = prepare(vendor=vendor, name=name, file=file, terms=terms, at=at)
    batch.user = user
    batch.file = storages["private"].save(f"imports/{batch.reference}", File(file))
    with transaction.atomic():
        batch.save()
        audit.record(kind="import", reference=batch.reference, name="uploaded", actor=actor, at=at, after={"file": batch.file_name})
    return batch


def prepare(*, vendor: Vendor, name: str, file: BinaryIO, terms: Terms, at: datetime, corrections: Mapping[str, str] | None = None) -> Import:
    """An import of this table as we understand it; nothing is written."""
    if terms.currency != vendor.currency:
        raise words.WrongCurrency(field="currency", currency=vendor.currency, given=terms.currency)
    try:
        form = tables.detect(file)
        header, sample = _head(file, form)
    except Unreadable as unreadable:
        raise words.refused(unreadable) from None
    guessed = columns.guess(header, _asked(terms.category))
    _require_fields((corrections or {}).values())
    guessed |= {column: field for column, field in (corrections or {}).items() if column in guessed}
    batch = Import(vendor=vendor, file_name=clean_name(name), created_at=at, touched_at=at, language=get_language() or "en")
    batch.digest, batch.form, batch.columns = _digest(file), form.__dict__, list(guessed.items())
    batch.terms = _with_prices(clean_terms(terms), guessed, sample).as_json()
    return batch


def clean_name(name: str) -> str:
    """The end of it, in characters that can be kept and shown."""
    return "".join(char for char in name if char.isprintable())[-120:] or "table"


def begin(*, batch: Import, actor: Actor, at: datetime) -> Import:
    """Start a prepared import of a file that stays with the caller; or go on with its killed twin."""
    twins = Import.objects.running().filter(vendor=batch.vendor, digest=batch.digest, file="", columns=batch.columns, terms=batch.terms)
    twin = twins.select_related("vendor", "user").first()
    if twin is not None:
        return twin
    require_columns(batch.mapping)
    with transaction.atomic():
        batch.save()
        return start(batch=batch, actor=actor, at=at)


def count_rows(*, batch: Import, file: BinaryIO) -> int:
    try:
        return _count(file, Form(**batch.form))
    except Unreadable as unreadable:
        raise words.refused(unreadable) from None


def _head(file: BinaryIO, form: Form) -> tuple[tuple[str, ...], list[Row]]:
    with tables.opened(file, form) as table:
        return table.columns, list(itertools.islice(table.rows, SAMPLE))


def _asked(category: str) -> Sequence[Attribute]:
    book = CategoryBook()
    return book.asked_of(book.find(category)) if category else []


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    found = hashlib.sha256()
    while block := file.read(1 << 20):
        found.update(block)
    file.seek(0)
    return found.hexdigest()


def _with_prices(terms: Terms, mapping: Mapping[str, str], sample: Sequence[Row]) -> Terms:
    """The guess about whole numbers made certain, so that preview and run agree."""
    if terms.prices != "guess":
        return terms
    column = next((name for name, field in mapping.items() if field == "price"), "")
    prices = [row.cells.get(column, "") for row in sample]
    cents = bool(column) and columns.looks_like_cents(column, prices, money.exponent(terms.currency))
    return replace(terms, prices="cents" if cents else "whole")


def configure(*, batch: Import, mapping: Mapping[str, str], terms: Terms, actor: Actor, at: datetime) -> Import:
    """The seller's corrections to our guesses, before it begins."""
    if terms.currency != batch.vendor.currency:
        raise words.WrongCurrency(field="currency", currency=batch.vendor.currency, given=terms.currency)
    terms = clean_terms(terms)
    if terms.prices not in PRICES[1:]:
        raise Invalid("prices", words.PRICES_CHOICE)
    _require_fields(mapping.values())
    asked = {f"{columns.ANSWER}{one.code}" for one in _asked(terms.category)}
    with transaction.atomic():
        locked = _lock(batch)
        if locked.state != UPLOADED:
            raise words.ImportNotOpen()
        kept = {column: mapping.get(column, "") for column in locked.mapping}
        foreign = {field for field in kept.values() if field.startswith(columns.ANSWER) and field not in asked and "category" not in kept.values()}
        locked.columns = [(column, "" if field in foreign else field) for column, field in kept.items()]
        locked.terms, locked.touched_at = terms.as_json(), at
        locked.save(update_fields=["columns", "terms", "touched_at"])
    batch.refresh_from_db()
    return batch


def clean_terms(terms: Terms) -> Terms:
    """The same, or Invalid at what cannot be."""
    if terms.category:
        CategoryBook().find(terms.category)
    if terms.stock is not None and not 0 <= terms.stock <= LARGEST_STOCK:
        raise Invalid("stock", _("Write how many you have as a whole number from 0 to {most}."), most=LARGEST_STOCK)
    content.condition(terms.condition)
    content.language(terms.language)
    content.hand_overs(list(terms.delivery))
    return terms


def _require_fields(fields: Iterable[str]) -> None:
    unknown = [field for field in fields if field and field not in columns.FIELDS and not field.startswith((columns.ANSWER, columns.OPTION))]
    if unknown:
        raise Invalid("columns", words.UNKNOWN_FIELD, name=unknown[0][:40])


def require_columns(mapping: Mapping[str, str]) -> None:
    missing = columns.missing(mapping)
    if missing:
        raise words.ColumnsIncomplete(field="columns", missing=missing[0], found=", ".join(mapping)[:200])
    doubled = columns.doubled(mapping)
    if doubled:
        raise words.ColumnTwice(field="columns", name=doubled[0])


def start(*, batch: Import, actor: Actor, at: datetime) -> Import:
    """From here on it runs: by the job, or by the command that started it. One at a time in a shop."""
    require_columns(batch.mapping)
    with transaction.atomic():
        locked = _lock(batch)
        locked.state = FLOW.target(locked.state, "start")
        locked.started_at = locked.touched_at = at
        if not _saved_as_the_only_one(locked) and not (_ended_dead_one(batch.vendor, at=at) and _saved_as_the_only_one(locked)):
            raise words.ImportRunning()
        audit.record(kind="import", reference=locked.reference, name="started", actor=actor, at=at)
        if locked.file:
            jobs.defer("marketplace.importing.jobs.run_import", reference=locked.reference)
    batch.refresh_from_db()
    return batch


def _saved_as_the_only_one(batch: Import) -> bool:
    try:
        with transaction.atomic():
            batch.save(update_fields=["state", "started_at", "touched_at"])
    except IntegrityError:
        return False
    return True


def _ended_dead_one(vendor: Vendor, *, at: datetime) -> bool:
    """A command that was killed leaves its table running for ever, as no worker has the file: whoever comes next ends it."""
    silent = Import.objects.silent_since(at - DEAD_AFTER).filter(vendor=vendor, file="").select_related("vendor").first()
    if silent is None:
        return False
    with locks.alone(f"import:{silent.reference}") as nobody:
        if nobody:
            _end(silent, "give_up", SYSTEM, at, str(words.LEFT_BEHIND))
    return nobody


def cancel(*, batch: Import, actor: Actor, at: datetime) -> Import:
    """No further row goes in. What is in stays."""
    return _end(batch, "cancel", actor, at)


def _lock(batch: Import) -> Import:
    rows = locks.rows(Import.objects.filter(pk=batch.pk))
    if not rows:
        raise NotHere()
    return rows[0]


def _end(batch: Import, move: str, actor: Actor, at: datetime, why: str = "") -> Import:
    with transaction.atomic():
        locked = _lock(batch)
        locked.state = FLOW.target(locked.state, move)
        locked.ended_at = locked.touched_at = at
        locked.why = why
        locked.save(update_fields=["state", "ended_at", "touched_at", "why"])
        tally = {name: getattr(locked, name) for name in ("created", "changed", "unchanged", "failed")}
        audit.record(kind="import", reference=locked.reference, name=move, actor=actor, at=at, reason=why, after=tally)
        if locked.pictures.exists():
            jobs.defer("marketplace.importing.jobs.fetch_pictures", key="fetch-import-pictures")
        if locked.file:
            jobs.defer("marketplace.importing.jobs.forget_file", file=locked.file)
    batch.refresh_from_db()
    return batch


def actor_of(batch: Import) -> Actor:
    return users.actor_of(batch.user) if batch.user else SYSTEM


def run(*, batch: Import, file: BinaryIO, now: Clock, seconds: float | None = None, told: Told = _silently) -> Import:
    """Take rows in from where the import stands until its end, or for so many seconds. Safe to kill and to call again."""
    with locks.alone(f"import:{batch.reference}") as mine:
        if not mine:
            raise words.ImportRunning()
        batch.refresh_from_db()
        if batch.state != RUNNING:
            return batch
        try:
            return _run(batch, file, now, seconds, told)
        except Unreadable as unreadable:
            return _end(batch, "give_up", SYSTEM, now(), words.refused(unreadable).message[:300])
        except MoveNotAllowed:  # cancelled while its last rows went in
            batch.refresh_from_db()
            return batch


def _run(batch: Import, file: BinaryIO, now: Clock, seconds: float | None, told: Told) -> Import:
    until = time.monotonic() + seconds if seconds is not None else None
    if not batch.rows_total:
        batch.rows_total = _count(file, Form(**batch.form))
        Import.objects.filter(pk=batch.pk).update(rows_total=batch.rows_total, touched_at=now())
    told(batch)
    reading = queries.reading_of(batch)
    with tables.opened(file, Form(**batch.form)) as table:
        for chunk in chunked(table.rows, reading.columns, skip=batch.rows_done):
            batch = take_in(batch=batch, chunk=chunk, reading=reading, at=now())
            told(batch)
            if batch.state != RUNNING or (until is not None and time.monotonic() > until):
                return batch
    return _end(batch, "finish", SYSTEM, now())


def _count(file: BinaryIO, form: Form) -> int:
    with tables.opened(file, form) as table:
        return sum(1 for _ in table.rows)


def chunked(rows: Iterator[Row], mapping: Mapping[str, str], *, skip: int = 0) -> Iterator[Numbered]:
    """Rows with the line in which their thing stood before, in chunks. Skipped rows are remembered, not returned."""
    seen = Seen()
    numbered = ((row, seen.note(row, mapping)) for row in rows)
    for _skipped in itertools.islice(numbered, skip):
        pass
    while chunk := list(itertools.islice(numbered, CHUNK)):
        yield chunk


def take_in(*, batch: Import, chunk: Numbered, reading: Reading, at: datetime) -> Import:
    """One chunk and the import's progress in one transaction; a buyer who holds a listing is waited for."""
    for attempt in range(PATIENCE):
        try:
            return _take_in(batch, chunk, reading, at)
        except Busy:
            if attempt == PATIENCE - 1:
                raise
            time.sleep(0.5 * (attempt + 1))
    raise AssertionError("unreachable")


def _take_in(batch: Import, chunk: Numbered, reading: Reading, at: datetime) -> Import:
    with transaction.atomic():
        locked = _lock(batch)
        if locked.state != RUNNING or locked.rows_done != batch.rows_done:
            return locked  # cancelled, or another run was here first
        found = _written(locked, chunk, reading, at)
        crashes.point("import.rows_written")
        locked.rows_done = F("rows_done") + len(chunk)
        locked.created = F("created") + len(found.fresh) + len(found.joining)
        locked.changed = F("changed") + len(found.changes)
        locked.unchanged = F("unchanged") + found.unchanged
        locked.failed = F("failed") + len(found.errors)
        locked.touched_at = at
        locked.save(update_fields=["rows_done", "created", "changed", "unchanged", "failed", "touched_at"])
        crashes.point("import.progress_written")
    crashes.point("import.chunk_committed")
    locked.refresh_from_db()
    return locked


def _written(batch: Import, chunk: Numbered, reading: Reading, at: datetime) -> Comparison:
    """The chunk at once; when the database refuses it, row by row, so that one bad row costs only itself."""
    try:
        with transaction.atomic():
            found = chunks.compare(chunk, reading, at=at)
            chunks.write(found, batch, reading, actor=actor_of(batch), at=at)
            return found
    except (DataError, IntegrityError, ValueError) as broken:
        if len(chunk) > 1:
            return _joined([_written(batch, [one], reading, at) for one in chunk])
        log.exception("import_row_broken", batch=batch.reference, line=chunk[0][0].line, error=repr(broken))
    row = chunk[0][0]
    found = Comparison(errors=[Remark(row.line, "", "", "broken_row", str(words.BROKEN_ROW))])
    chunks.write(found, batch, reading, actor=SYSTEM, at=at)
    return found


def _joined(many: Sequence[Comparison]) -> Comparison:
    whole = Comparison()
    for one in many:
        whole.fresh += one.fresh
        whole.joining += one.joining
        whole.changes += one.changes
        whole.errors += one.errors
        whole.notes += one.notes
        whole.unchanged += one.unchanged
    return whole


def rehearse(*, batch: Import, file: BinaryIO, at: datetime, told: Callable[[int, Comparison], None]) -> None:
    """What would happen, chunk by chunk; nothing is written."""
    reading = queries.reading_of(batch)
    require_columns(batch.mapping)
    done = 0
    try:
        with tables.opened(file, Form(**batch.form)) as table:
            for chunk in chunked(table.rows, reading.columns):
                done += len(chunk)
                told(done, chunks.compare(chunk, reading, at=at))
    except Unreadable as unreadable:
        raise words.refused(unreadable) from None


def give_up(*, batch: Import, why: str, at: datetime) -> Import:
    """It cannot go on; what is in stays."""
    return _end(batch, "give_up", SYSTEM, at, why[:300])
