"""Forms of all pages: one look for every field, and a refusal that lands at the field it is about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal

EMPTY = _("Please fill this in.")
NOT_CHOSEN = _("Please choose one.")


class PageForm(forms.Form):
    """A form whose answers go to one operation. Everything typed is kept when it is shown again."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for field in self.fields.values():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = NOT_CHOSEN if isinstance(field, forms.ChoiceField) else EMPTY

    def refuse(self, refusal: Refusal) -> None:
        """Show a named refusal at its field, or on top when it is about no field of this form."""
        several: dict[str, str] = getattr(refusal, "fields", None) or {refusal.field or "": refusal.message}
        for field, sentence in several.items():
            self.add_error(field if field in self.fields else None, sentence)


def cleaned(form: forms.Form, *names: str) -> dict[str, Any]:
    """The answers to these questions."""
    return {name: form.cleaned_data[name] for name in names}
