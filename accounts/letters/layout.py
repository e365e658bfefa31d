"""How our letters look: plain text, and the same words as quiet HTML."""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.translation import get_language


def compose(*, title: str, paragraphs: Sequence[str], action: str = "", link: str = "") -> tuple[str, str]:
    """Text and HTML of a letter in the active language; the link is one button, written out below."""
    blocks = [title, *paragraphs, *([f"{action}:\n{link}"] if link else [])]
    context = {"title": title, "paragraphs": paragraphs, "action": action, "link": link, "language": get_language() or "en"}
    return "\n\n".join(blocks) + "\n\n-- \nSouk\n", render_to_string("letters/letter.html", context)
