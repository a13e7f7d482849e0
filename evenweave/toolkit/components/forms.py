"""Forms: fields, error summary, kept drafts, saved state, questions with their answers, sentences with
blanks.
"""

import re
from collections.abc import Iterable, Sequence

from django import forms, template
from django.forms import BaseForm, BoundField, Field
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _

register = template.Library()

CHOOSING = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.CheckboxInput)
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
SHORT = (forms.NumberInput, forms.TimeInput)
DATES = (forms.DateInput, forms.DateTimeInput)


def _shape(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "choice"
    return "group" if isinstance(widget, GROUPS) or widget.use_fieldset else "line"


def _classes(widget: forms.Widget, shape: str) -> str:
    if shape != "line":
        return ""
    width = " ew-input-short" if isinstance(widget, SHORT) else " ew-input-date" if isinstance(widget, DATES) else ""
    return f"{widget.attrs.get('class', '')} ew-input{width}".strip()


def errors_of(bound: BoundField) -> list[str]:
    """What is wrong with a field and what to do; Django's "This field is required." says which one."""
    words = []
    for error in bound.errors.as_data():
        if error.code == "required" and error.message == Field.default_error_messages["required"]:
            start = _("Choose") if isinstance(bound.field.widget, CHOOSING) else _("Fill in")
            words.append(f"{start}: {bound.label}")
        else:
            words += [str(message) for message in error.messages]
    return words


@register.inclusion_tag("toolkit/field.html")
def field(bound: BoundField, label: str = "", hint: str = "", optional: bool | None = None) -> dict:
    """A bound field: label, hint, error, input. Works with every Django widget; one that is optional says
    so.

    {% field form.due_on hint=_("A working day") %}
    """
    widget, shape = bound.field.widget, _shape(bound.field.widget)
    hint = hint or bound.help_text
    name = bound.id_for_label or bound.auto_id or bound.html_name
    described = [f"{bound.auto_id}_error"] if bound.errors else []
    described += [f"{bound.auto_id}_helptext"] if hint else []
    # A placeholder vanishes while one types: what it would say stands in the label or the hint.
    attrs = {"class": _classes(widget, shape), "placeholder": False} if shape == "line" else {}
    if described and shape != "group":
        attrs["aria-describedby"] = " ".join(described)
    return {
        "bound": bound,
        "label": label or bound.label,
        "errors": errors_of(bound),
        "hint": hint,
        "shape": shape,
        "input_id": name,
        "described": " ".join(described),
        "optional": (not bound.field.required and shape != "choice") if optional is None else optional,
        "widget": bound.as_widget(attrs=attrs),
    }


@register.inclusion_tag("toolkit/form_fields.html")
def form_fields(form: BaseForm, *names: str) -> dict:
    """All visible fields of a form (or only the named ones) and the hidden ones. {% form_fields form %}"""
    chosen = [form[name] for name in names] if names else form.visible_fields()
    return {"chosen": chosen, "hidden": [] if names else form.hidden_fields()}


@register.inclusion_tag("toolkit/error_summary.html")
def error_summary(*forms_given: BaseForm) -> dict:
    """What is wrong in these forms, each with a link to its field, in the field's own words. Takes focus.

    {% error_summary form %}; nothing is drawn when nothing is wrong.
    """
    errors: list[tuple[str, str]] = []
    for form in forms_given:
        if not form or not form.is_bound:
            continue
        errors += [("", error) for error in form.non_field_errors()]
        for bound in form:
            target = bound.id_for_label or (f"{bound.auto_id}_0" if bound.auto_id else "")
            errors += [(target, error) for error in errors_of(bound)]
    return {"errors": errors}


@register.simple_tag(takes_context=True)
def keep_draft(context, key: str) -> SafeString:
    """Keep what is typed in this form on this device until it has been saved. Put it inside the form.

    The draft belongs to the person signed in; passwords and files are not kept. Not for what others on a
    shared
    device must not find: narratives of complaints and the like. A redirect that answers the form clears it
    (`toolkit.drafts`). {% keep_draft "visit-note" %}
    """
    person = getattr(context.get("request"), "user", None)
    owner = salted_hmac("evenweave.drafts", str(getattr(person, "pk", "")), algorithm="sha256").hexdigest()[:12]
    return format_html(
        '<input type="hidden" name="ew-draft" value="{}" data-owner="{}" data-back="{}" data-discard="{}">',
        slugify(key),
        owner,
        _("What you typed at {time} is back."),
        _("Discard it"),
    )


@register.inclusion_tag("toolkit/saved_state.html")
def saved_state(saved_at: str = "") -> dict:
    """Where and when the work is safe; changes by itself while a form saves as you go.
    {% saved_state "10:43" %}
    """
    return {"saved_at": saved_at}


@register.inclusion_tag("toolkit/answers.html")
def answers(
    name: str,
    choices: Iterable[tuple],
    chosen: str = "",
    wrong: str = "",
    legend: str = "",
    disabled: bool = False,
    show_legend: bool = False,
) -> dict:
    """Four answers of 72 px (or three of 56). `choices`: (value, word, icon); `wrong` is the value that
    goes crimson.

    {% answers "q12" choices chosen="no" wrong="no" legend=_("Answer") %}
    """
    made = [(*choice, "")[:3] for choice in choices]
    return {
        "name": name,
        "choices": made,
        "chosen": chosen,
        "wrong": wrong,
        "legend": legend,
        "disabled": disabled,
        "show_legend": show_legend,
        "three": len(made) == 3,
    }


@register.simple_block_tag
def question(
    content: str,
    number: str,
    text: str,
    second: str = "",
    second_lang: str = "",
    audience: str = "",
    last: str = "",
    helps: Sequence[tuple[str, str, str]] = (),
    level: int = 1,
) -> SafeString:
    """One question: id, text, second language, help (icon, title, text), last answer; its answers are the
    content.

    {% question "SH-61" text second=km second_lang="km" last=_("No, 2 of 6") %}{% answers … %}{%
    endquestion %}
    """
    return render_to_string("toolkit/question.html", locals())


@register.simple_block_tag
def finding(content: str, title: str, tag=None, id: str = "finding") -> SafeString:
    """The crimson-edged block of one finding: a sentence with blanks, own words, evidence, as content.

    {% finding _("Finding 1") tag=tag %}{% sentence … %}{% field form.words %}{% endfinding %}
    """
    return render_to_string("toolkit/finding.html", {"content": content, "title": title, "tag": tag, "id": id})


@register.simple_tag
def sentence(
    text: str, name: str, values: Sequence[str] = (), labels: Sequence[str] = (), language: str = ""
) -> SafeString:
    """A standard sentence whose `__` are blanks to fill in; sent as `name`, once for each blank. `language`: the
    sentence's own, where it may differ from the page's.

    {% sentence "__ of __ exits were blocked." "blanks" values=("1", "6") labels=(_("How many"), _("Of")) %}
    """
    parts = re.split(r"_{2,}", text)
    drawn = [format_html("{}", parts[0])]
    for at, after in enumerate(parts[1:]):
        value = values[at] if at < len(values) else ""
        label = labels[at] if at < len(labels) else f"{at + 1}"
        drawn.append(
            format_html(
                '<input class="ew-blank" name="{}" value="{}" aria-label="{}" size="{}">{}',
                name,
                value,
                label,
                max(3, len(str(value))),
                after,
            )
        )
    lang = format_html(' lang="{}"', language) if language else ""
    return format_html('<p class="ew-sentence"{}>{}</p>', lang, SafeString("".join(drawn)))
