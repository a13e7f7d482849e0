"""Pages of country programmes: what each offers and by which rules, and what may be sold."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.access.scope import may_ever
from evenweave.programmes import queries, screens
from evenweave.programmes.forms import QuoteForm
from evenweave.programmes.sections import sections_for


@require_GET
@requires(Action.PROGRAMME_VIEW)
def programme_list(request: HttpRequest) -> HttpResponse:
    names = queries.programme_names(get_language() or "en")
    shown = {
        "columns": screens.list_columns(),
        "lines": [screens.list_line(name, queries.rules_today(code)) for code, name in names.items()],
        "may_quote": may_ever(request.user, Action.SERVICE_QUOTE),
    }
    return render(request, "programmes/list.html", shown)


@require_GET
@requires(Action.PROGRAMME_VIEW)
def programme_page(request: HttpRequest, code: str) -> HttpResponse:
    """The rules in force today, each with its source; what rooms above know of the programme."""
    if code not in queries.all_programmes():
        raise Http404
    rules = queries.rules_today(code)
    shown = {
        "page": screens.country_page(rules),
        "sections": sections_for(request.user, code),
        "may_quote": may_ever(request.user, Action.SERVICE_QUOTE),
    }
    return render(request, "programmes/programme.html", shown)


@require_GET
@requires(Action.SERVICE_QUOTE)
def quote_page(request: HttpRequest) -> HttpResponse:
    """The form and, once it is filled in, the answer with its reasons; the address can be sent to a colleague."""
    names = queries.programme_names(get_language() or "en")
    proposed = queries.own_programme(request.user) or next(iter(names))
    form = QuoteForm(
        request.GET if "services" in request.GET or "programme" in request.GET else None,
        programmes=names, proposed=proposed, today=queries.rules_today(proposed).day,
    )
    answer = None
    if form.is_valid():
        asked = form.cleaned_data
        found = queries.quote_on(
            asked["programme"], asked["on"], sector=asked["sector"], services=asked["services"],
            workers=asked["workers"] or 0,
        )
        answer = screens.quote_answer(found, names[asked["programme"]])
    return render(request, "programmes/quote.html", {"form": form, "answer": answer})
