"""Widgets that are drawn without a template for each of their parts."""

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import SafeString


class Select(forms.Select):
    """The same `<select>`, written in one go: Django draws a template for every option, which a list of thirty
    provinces makes noticeable on every page with filters."""

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        attributes = flatatt(self.build_attrs(self.attrs, {"name": name} | (attrs or {})))
        chosen = {str(one) for one in self.format_value(value)}
        return SafeString(f"<select{attributes}>{self._options(self.choices, chosen)}</select>")

    def _options(self, choices, chosen: set[str]) -> str:
        return "".join(
            f'<optgroup label="{escape(value)}">{self._options(label, chosen)}</optgroup>'
            if isinstance(label, list | tuple)
            else _option("" if value is None else str(value), label, chosen)
            for value, label in choices
        )


def _option(value: str, label, chosen: set[str]) -> str:
    selected = " selected" if value in chosen else ""
    return f'<option value="{escape(value)}"{selected}>{escape(label)}</option>'
