"""Which column means what: the fields a table may fill, and a guess by the columns' names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from marketplace.catalog.categories.attributes import Attribute

ANSWER = "attribute:"
OPTION = "option:"
MANY = "pictures"
NEEDED = ("sku", "title")
"""Without these no row can become a listing."""

_WRITTEN: Mapping[str, str] = {
    "reference": "souk reference, variant, variant reference",
    "sku": ("sku, article number, item number, part number, product id, id, artikelnummer, art nr, référence, referencia, 货号, 商品编号, 编码"),
    "group": (
        "group, group id, item group id, listing, listing id, handle, parent, parent sku, parent id, parent article, model number, "
        "gruppe, artikelgruppe, groupe, grupo, 分组, 款号, 父商品编号"
    ),
    "options": "options, variant options, option values, choices, varianten, optionen, 选项, 规格选项",
    "title": ("title, name, product name, product, item, titel, bezeichnung, produkt, titre, nom, título, nombre, 标题, 名称, 商品名称, 品名"),
    "description": "description, details, text, body, body html, long description, beschreibung, descripción, 描述, 说明, 详情",
    "price": (
        "price, unit price, amount, price eur, price usd, price minor, price cents, amount minor, variant "
        "price, preis, prix, precio, 价格, 单价, 售价"
    ),
    "currency": "currency, price currency, währung, devise, moneda, 币种, 货币",
    "stock": ("stock, quantity, qty, on hand, inventory, variant inventory qty, bestand, menge, lagerbestand, quantité, cantidad, 库存, 数量"),
    "category": "category, product type, kategorie, catégorie, categoría, 分类, 类目, 类别",
    "condition": "condition, state of item, zustand, état, estado, 成色, 新旧",
    "language": "language, sprache, langue, idioma, 语言",
    "delivery": "delivery, hand over, hand overs, lieferung, livraison, entrega, 交付方式, 配送方式",
    "place": "place, location, ort, lieu, 地点, 所在地",
    "pictures": (
        "pictures, picture, image, images, image url, image urls, image link, image src, photo, photos, photo "
        "url, picture url, bild, bilder, 图片, 图片地址, 主图"
    ),
    "attributes": "attributes, specifications, features, properties, attribute, merkmale, 属性, 规格",
}
NAMES: Mapping[str, tuple[str, ...]] = {field: tuple(names.split(", ")) for field, names in _WRITTEN.items()}
FIELDS = tuple(NAMES)
IN_CENTS = frozenset({"price minor", "price cents", "amount minor"})
_SEPARATORS = re.compile(r"[\W_]+")
_OPTION = re.compile(r"^\s*(?:option|variation|variant)\s*[:_ -]\s*(?P<name>\S.{0,39})$", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?P<name>.+?) ?\d{1,2}$")


def plain(name: str) -> str:
    """A column's name without its case, signs and underlines."""
    return _SEPARATORS.sub(" ", name.casefold()).strip()


_TOLD_APART = "size, colour, color, length, width, style, pattern, größe, farbe, länge, taille, couleur, longueur, talla, 尺码, 尺寸, 颜色, 款式"
CHOICES = frozenset(plain(word) for word in _TOLD_APART.split(", "))
"""Columns that tell variants apart, where a table has variants."""
_BY_NAME = {plain(name): field for field, names in NAMES.items() for name in names}


def guess(columns: Sequence[str], asked: Iterable[Attribute] = ()) -> dict[str, str]:
    """Column → field ('' = left out). A field is taken once, pictures as often as there are columns of them."""
    answers = {plain(name): f"{ANSWER}{one.code}" for one in asked for name in (one.code, *one.labels.values())}
    taken: set[str] = set()
    mapping: dict[str, str] = {}
    grouped = any(_BY_NAME.get(plain(column)) == "group" for column in columns)
    for column in columns:
        choice = _choice(column) if grouped else ""
        field = _BY_NAME.get(plain(column)) or choice or answers.get(plain(column)) or _numbered_picture(column)
        mapping[column] = field if field and (field not in taken or field == MANY) else ""
        taken.add(mapping[column])
    return mapping


def _choice(column: str) -> str:
    """`option:Size` for “Size” or “Option: Size”."""
    found = _OPTION.match(column)
    if found:
        return f"{OPTION}{found['name'].strip()}"
    return f"{OPTION}{column.strip()}" if plain(column) in CHOICES else ""


def _numbered_picture(column: str) -> str:
    found = _NUMBERED.match(plain(column))
    return MANY if found and _BY_NAME.get(found["name"]) == MANY else ""


def missing(mapping: Mapping[str, str]) -> list[str]:
    """Fields that no column fills although no row can do without them."""
    given = set(mapping.values())
    return [] if "reference" in given else [field for field in NEEDED if field not in given]


def doubled(mapping: Mapping[str, str]) -> list[str]:
    """Fields that two columns fill."""
    given = [field for field in mapping.values() if field and field != MANY]
    return sorted({field for field in given if given.count(field) > 1})


def looks_like_cents(column: str, prices: Sequence[str], exponent: int) -> bool:
    """Whether whole numbers are meant in the smallest unit: the column says so, or they end as prices end (…95, …99) and none is small.

    It is a guess: the preview shows what comes of it, and the seller may say otherwise.
    """
    if plain(column) in IN_CENTS:
        return True
    written = [price for price in prices if price]
    if exponent != 2 or not written or not all(price.isdigit() for price in written):
        return False
    charming = sum(int(price) % 100 >= 90 for price in written)
    return charming * 3 > len(written) and sum(len(price) > 2 for price in written) * 20 > len(written) * 19
