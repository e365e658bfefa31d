"""The shape of a listing inside tantivy."""

from __future__ import annotations

from functools import cache
from typing import Any

import tantivy

from search.analysis import field_text
from search.documents import ListingDocument

VERSION = 1  # a change of shape or analysis: raise it, and old indexes are rebuilt
WHITESPACE = "tokens"
TEXT = ("title", "description", "details")
KEYWORDS = ("reference", "category", "condition", "hand_over", "shop", "currency", "attribute")
NUMBERS = ("key", "price", "newness", "cheapness")


@cache
def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in TEXT:
        builder.add_text_field(name, tokenizer_name=WHITESPACE, index_option="freq")
    for name in KEYWORDS:
        builder.add_text_field(name, stored=name == "reference", fast=name != "reference", tokenizer_name="raw", index_option="basic")
    for name in NUMBERS:
        builder.add_unsigned_field(name, indexed=name in ("key", "price"), fast=True)
    return builder.build()


def with_tokenizers(index: tantivy.Index) -> tantivy.Index:
    """Tokenizers are not kept in the index: every opening registers them anew."""
    index.register_tokenizer(WHITESPACE, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index


def stored(document: ListingDocument) -> tantivy.Document:
    fields: dict[str, Any] = {
        "reference": document.reference,
        "title": field_text(document.title),
        "description": field_text(document.description),
        "details": field_text(document.details),
        "category": list(document.categories),
        "condition": document.condition,
        "hand_over": list(document.hand_overs),
        "shop": document.shop,
        "currency": document.currency,
        "attribute": list(document.attribute_tokens),
        "key": document.key,
        "price": document.price_minor,
        "newness": document.newness,
        "cheapness": document.cheapness,
    }
    # Without the schema unsigned fields arrive signed and kill the writer.
    return tantivy.Document.from_dict({name: value for name, value in fields.items() if value != []}, schema())
