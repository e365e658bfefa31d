"""The sentences that a table's owner reads."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Kind, Refusal
from marketplace.catalog.photos import operations as photos
from marketplace.importing.tables import LARGEST_FILE, LARGEST_UNPACKED, MOST_COLUMNS, MOST_ROWS, Unreadable

TWICE = _("The same article stands in line {line} already. Keep one of the two.")
NOT_YOURS = _("There is no such article in your shop. Leave the Souk reference empty for a new one.")
NO_NUMBER = _("Give each row your own article number: by it we know the thing again next time.")
AMBIGUOUS = _("Several of your listings carry this article number. Give each its own, or name the Souk reference.")
NO_PRICE = _("The price is missing.")
NO_STOCK = _("Say how many you have, in a column or for the whole table.")
NO_CATEGORY = _("Choose a category, in a column or for the whole table.")
RESERVED = _("{reserved} of these are reserved for buyers who are paying. Keep at least that many.")
LEFT_BEHIND = _("The command that took it in was killed, and another table came. What is in stays.")
BROKEN_ROW = _("This row could not be taken in. Nothing of it was written; tell us its line and the file.")

FIELDS: Mapping[str, Promise | str] = {
    "reference": _("Souk reference"),
    "sku": _("Article number"),
    "group": _("Listing of several variants"),
    "options": _("Options of the variant"),
    "title": _("Title"),
    "description": _("Description"),
    "price": _("Price"),
    "currency": _("Currency"),
    "stock": _("Stock"),
    "category": _("Category"),
    "condition": _("Condition"),
    "language": _("Language"),
    "delivery": _("Delivery"),
    "place": _("Place"),
    "pictures": _("Picture addresses"),
    "attributes": _("Attributes as JSON"),
}
CHOICE = _("Variants differ by: {name}")
PRICES_CHOICE = _("Say whether whole numbers in the price column are whole units or cents.")
UNKNOWN_FIELD = _("“{name}” is nothing that a listing has. Choose from the list.")

FILES: Mapping[str, Promise | str] = {
    "empty": _("This file is empty. Send a table whose first line names its columns."),
    "not_a_table": _("This is not a table that we can read. Save it as CSV or as XLSX and send that."),
    "picture": _("This is a picture, not a table. Save the table as CSV or as XLSX and send that."),
    "pdf": _("This is a PDF, not a table. Save the table as CSV or as XLSX and send that."),
    "document": _("This is a written document, not a table. Save the table as CSV or as XLSX and send that."),
    "markup": _("This is a web page or a drawing (HTML, XML or SVG), not a table. Save the table as CSV or as XLSX and send that."),
    "too_large": _("This file is too large: at most {file} MB, and {unpacked} MB when unpacked. Split it into several."),
    "too_many_rows": _("This table has more than {rows} rows. Split it into several."),
    "too_many_columns": _("This table has more than {columns} columns. Leave out those that we do not need."),
    "damaged": _("This file is damaged or cut off. Save it again and send the new one."),
    "encoding": _("We do not know this encoding. Try utf-8, cp1252 or gb18030."),
    "gone": _("The file is no longer there. Send it again: what is in already stays, and is not taken in twice."),
}
LIMITS = {"file": LARGEST_FILE >> 20, "unpacked": LARGEST_UNPACKED >> 20, "rows": MOST_ROWS, "columns": MOST_COLUMNS}


class FileRefused(Refusal):
    """`code` stays; `why` says which of the sentences it is."""

    code = "file_refused"
    kind = Kind.UNPROCESSABLE

    def __init__(self, why: str) -> None:
        super().__init__(field="file", **LIMITS)
        self.why = why
        self.sentence = FILES[why]  # type: ignore[misc]  # each reason has its own words


def refused(unreadable: Unreadable) -> FileRefused:
    return FileRefused(unreadable.why)


class ColumnsIncomplete(Refusal):
    code = "columns_incomplete"
    kind = Kind.UNPROCESSABLE
    sentence = _("We do not see which column is the {missing}. The first line should name the columns, like: sku, title, price. We found: {found}.")


class ColumnTwice(Refusal):
    code = "column_twice"
    kind = Kind.UNPROCESSABLE
    sentence = _("Two columns cannot both be the {name}. Leave one of them out.")


class ImportRunning(Refusal):
    code = "import_running"
    kind = Kind.CONFLICT
    sentence = _("Another table of this shop is being taken in right now. Wait until it is done, or cancel it.")


class ImportNotOpen(Refusal):
    code = "import_not_open"
    kind = Kind.CONFLICT
    sentence = _("This has begun already and cannot be set up differently any more. Send the file again.")


class WrongCurrency(Refusal):
    code = "wrong_currency"
    kind = Kind.UNPROCESSABLE
    sentence = _("This shop sells in {currency}. Prices in {given} cannot be taken in.")


PICTURES: Mapping[str, Promise | str] = {
    "bad_address": _("This is not an address of a picture that we can fetch; only http and https are."),
    "forbidden_address": _("This address does not lie in the public internet; we do not go there."),
    "unknown_host": _("Nobody knows this host."),
    "unreachable": _("Nobody answers at this address."),
    "too_slow": _("The answer took too long."),
    "too_large": _("This file is larger than 12 MB. Send a smaller picture."),
    "redirects": _("The address sends us on and on."),
    "refused": _("The other side refused to hand it out."),
    "gone": _("There is no picture at this address any more."),
    "not_taken": _("The listing did not take it: it has its twelve photos, or was removed."),
    **{why: photos.WORDS[why] for why in ("not_a_picture", "too_small", "damaged")},
}
