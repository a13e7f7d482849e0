"""One question a screen, on the own side's sheet; saved one by one without a page load, as in an assessment. Without
scripts a button posts the same form."""

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.assessments.enums import Field
from evenweave.assessments.forms import QuestionForm
from evenweave.assessments.queries import SaidBy
from evenweave.assessments.rules import FieldState
from evenweave.assessments.views.words import last_line as assessment_line
from evenweave.law.queries import citations
from evenweave.questionnaires.enums import FACTS
from evenweave.questionnaires.queries import compiled
from evenweave.questionnaires.rules import Question
from evenweave.selfassessments import queries, screens, services
from evenweave.selfassessments.models import SelfAssessment, SideSheet
from evenweave.selfassessments.queries.sheets import (
    Line,
    SheetNow,
    released_before,
    sheet_now,
    sides_of_conflict,
)
from evenweave.selfassessments.services.answering import FIELDS
from evenweave.selfassessments.views.overview import frame
from evenweave.toolkit import clock
from evenweave.toolkit.parts import Side as Shown
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.uuid7 import uuid7


@require_http_methods(["GET", "POST"])
@requires(Action.SELF_ASSESSMENT_ANSWER)
def self_question(request: HttpRequest, ref: str, question_id: str) -> HttpResponse:
    found = queries.one_for(request.user, Action.SELF_ASSESSMENT_ANSWER, ref)
    sheet = queries.own_sheet(request.user, found)
    asked = _question(found, question_id)
    if request.method == "POST":
        return _save(request, found, sheet, asked)
    return _page(request, found, sheet, asked)


def _question(found: SelfAssessment, question_id: str) -> Question:
    tool = compiled(found.tool_id)
    if not tool.has(question_id):
        raise Http404
    return tool.question(question_id)


def _save(request: HttpRequest, found: SelfAssessment, sheet: SideSheet, asked: Question) -> HttpResponse:
    is_piece = bool(request.headers.get("HX-Request"))
    try:
        answered = services.answer(
            ref=found.ref, question_id=asked.id, said=QuestionForm(request.POST).said(), by=request.user
        )
    except ValueError:
        message = _("This page is out of date. Open the question again.")
    except Refused as refused:
        message = refused.message
    else:
        if is_piece:
            return _pieces(request, found, answered.sheet, asked, answered.states)
        if (go := request.POST.get("go", "")) in {"next", "previous"}:
            return redirect("self_beside", found.ref, asked.id, go)
        return redirect("self_question", found.ref, asked.id)
    if is_piece:
        return render(request, "assessments/question_refused.html", {"message": message}, status=422)
    return _page(request, found, sheet, asked, refused=message, typed=request.POST, status=422)


def _pieces(
    request: HttpRequest, found: SelfAssessment, sheet: SideSheet, asked: Question, states: Mapping[str, FieldState]
) -> HttpResponse:
    """What changes on the page after a save; nobody's cursor is moved."""
    return render(request, "selfassessments/question_saved.html", {
        "found": found, "bases": _bases(states), "is_piece": True, "shown": "", "url": _url(found, asked),
        "conflicts": _conflicts(found, sheet, asked, states), "saved_at": screens.local_time(found, clock.now()),
    })


def _page(
    request: HttpRequest, found: SelfAssessment, sheet: SideSheet, asked: Question, *, refused: str = "", typed=None,
    status: int = 200,
) -> HttpResponse:
    language = screens.reading_language()
    now = sheet_now(sheet, language)
    line = now.lines.get(asked.id) or Line(asked, {})
    answer, explanation = line.answer, line.explanation
    if typed is not None:
        answer, explanation = typed.get("answer", answer), typed.get("explanation", explanation)
    states = {name: line.said(name) for name in FIELDS}
    before = released_before(request.user, found, now.tool, language).get(asked.id)
    shown = frame(request, found) | {
        "line": line, "is_asked": asked.id in now.lines, "is_open": sheet.given_at is None, "refused": refused,
        "place": _place(now, asked), "url": _url(found, asked), "bases": _bases(states), "shown": "",
        "choices": screens.choices_for(asked), "answer": "" if answer is None else str(answer),
        "explanation": explanation or "", "wrong": asked.noncompliant_answer,
        "conflicts": _conflicts(found, sheet, asked, line.fields),
        "saved_at": screens.local_time(found, line.changed_at),
        "assessment_last": assessment_line(before).removesuffix(".") if before else "",
    }
    return render(
        request, "selfassessments/question.html", shown | _words_of(found, asked, line, language), status=status
    )


def _words_of(found: SelfAssessment, asked: Question, line: Line, language: str) -> dict:
    second = screens.second_language(found, asked)
    helps = []
    if asked.law or asked.law_note:
        lines = [*citations(asked.law), *([asked.law_note] if asked.law_note else [])]
        helps.append(("scale", _("Law: %(count)s") % {"count": len(asked.law)}, "\n".join(lines)))
    if asked.look_for(language):
        helps.append(("eye", _("What to look for"), "\n".join(asked.look_for(language))))
    return {
        "question": asked, "text": asked.text(language), "helps": helps,
        "second": asked.text(second) if second else "", "second_lang": second,
        "has_draft": asked.in_language(language).is_draft or bool(second and asked.in_language(second).is_draft),
        "audience": _("To discuss together") if asked.is_for_committee else "", "last": screens.last_line(line.last),
    }


def _bases(states: Mapping[str, FieldState]) -> list[tuple[str, str, UUID]]:
    """For each field the heads that its next change stands on, and the id that change will have."""
    return [
        (name.value, ",".join(str(head) for head in states.get(name, FieldState()).heads), uuid7()) for name in FIELDS
    ]


def _place(now: SheetNow, asked: Question) -> dict:
    """Where the question stands in its cluster."""
    for cluster in now.clusters:
        ids = [line.question.id for line in cluster.lines]
        if asked.id in ids:
            return {
                "cluster": cluster.title, "cluster_key": cluster.key, "number": ids.index(asked.id) + 1,
                "count": len(ids), "has_next": asked.id != next(reversed(now.lines)),
            }
    return {"cluster": asked.cluster, "cluster_key": asked.cluster, "number": 0, "count": 0, "has_next": True}


def _conflicts(
    found: SelfAssessment, sheet: SideSheet, asked: Question, states: Mapping[str, FieldState]
) -> list[dict]:
    """Each field on which two of the side differ, the answers two by two."""
    torn = []
    for name, state in states.items():
        if state.is_conflict:
            sides = sides_of_conflict(sheet, asked.id, name, state.heads)
            drawn = [_shown(found, asked, name, side) for side in sides]
            torn.append({
                "field": str(name), "label": Field(name).label,
                "url": reverse("self_settle", args=[found.ref, asked.id]),
                "heads": ",".join(str(head) for head in state.heads), "change_id": uuid7(),
                "pairs": [(drawn[at], drawn[at + 1]) for at in range(0, len(drawn) - 1, 2)],
                "alone": drawn[-1] if len(drawn) % 2 else None,
                "names": _(" and ").join(sorted({side.newest.author.name for side in sides})),
            })
    return torn


def _shown(found: SelfAssessment, asked: Question, name: str, side: SaidBy) -> Shown:
    author = side.newest.author.name
    tag = screens.answer_tag(asked, side.value) if name == Field.ANSWER else None
    return Shown(
        name=author, when=screens.local_day_time(found, side.newest.made_at), tag=tag,
        headline="" if tag or name != Field.ANSWER else _("No answer"),
        text="" if name == Field.ANSWER else str(side.value or _("Nothing")),
        choose_label=_("Use %(name)s's answer") % {"name": author}, choose_value=str(side.newest.pk),
    )


def _url(found: SelfAssessment, asked: Question) -> str:
    return reverse("self_question", args=[found.ref, asked.id])


@require_GET
@requires(Action.SELF_ASSESSMENT_ANSWER)
def self_beside(request: HttpRequest, ref: str, question_id: str, way: str) -> HttpResponse:
    """The next or previous question that is asked now: an answer can open or close others."""
    found = queries.one_for(request.user, Action.SELF_ASSESSMENT_ANSWER, ref)
    now = sheet_now(queries.own_sheet(request.user, found))
    clusters = (FACTS, *(cluster.key for cluster in now.tool.clusters))
    in_order = (one.id for cluster in clusters for one in now.tool.questions_of(cluster))
    order = {one: place for place, one in enumerate(in_order)}
    here = order.get(question_id, -1)
    if way == "next":
        later = [one for one in now.lines if order[one] > here]
        return redirect("self_question", ref, later[0]) if later else redirect("self_check", ref)
    earlier = [one for one in now.lines if order[one] < here]
    return redirect("self_question", ref, earlier[-1]) if earlier else redirect("self_assessment", ref)


@require_POST
@requires(Action.SELF_ASSESSMENT_ANSWER)
def self_settle(request: HttpRequest, ref: str, question_id: str) -> HttpResponse:
    """A person of the side chooses which of two colleagues' answers stands."""
    found = queries.one_for(request.user, Action.SELF_ASSESSMENT_ANSWER, ref)
    sheet = queries.own_sheet(request.user, found)
    asked = _question(found, question_id)
    try:
        services.settle_own(
            ref=ref, question_id=question_id, field=request.POST.get("field", ""),
            chosen=UUID(request.POST.get("choice", "")), change_id=UUID(request.POST.get("id", "")),
            heads=frozenset(UUID(head) for head in request.POST.get("heads", "").split(",") if head), by=request.user,
        )
    except ValueError:
        return _page(request, found, sheet, asked, refused=_("Choose one of the answers that are shown."), status=422)
    except Refused as refused:
        return _page(request, found, sheet, asked, refused=refused.message, status=422)
    return redirect("self_question", ref, question_id)


@require_http_methods(["GET", "POST"])
@requires(Action.SELF_ASSESSMENT_ANSWER)
def self_check(request: HttpRequest, ref: str) -> HttpResponse:
    """What the own side still lacks, as links; then give the answers."""
    found = queries.one_for(request.user, Action.SELF_ASSESSMENT_ANSWER, ref)
    sheet = queries.own_sheet(request.user, found)
    refused = ""
    if request.method == "POST":
        try:
            services.give(ref=ref, by=request.user)
            return redirect("self_assessment", ref)
        except Refused as no:
            refused = no.message
    language = screens.reading_language()
    now = sheet_now(sheet, language)
    differs, open_word = _("Two of you answered differently."), _("Not answered.")
    missing = [
        (
            f"{line.question.text(language)} {differs if line.is_conflict else open_word}",
            reverse("self_question", args=[ref, line.question.id]), cluster.title,
        )
        for cluster in now.clusters for line in cluster.lines if line.is_conflict or not line.is_answered
    ]
    facts = [
        (cluster.title, _("%(answered)s of %(all)s answered, %(admitted)s") % {
            "answered": cluster.answered, "all": len(cluster.lines),
            "admitted": ngettext("%(count)s not met", "%(count)s not met", count) % {"count": count},
        })
        for cluster in now.clusters for count in [sum(line.is_admitted for line in cluster.lines)]
    ]
    return render(request, "selfassessments/check.html", frame(request, found) | {
        "refused": refused, "missing": missing, "facts": facts, "is_open": sheet.given_at is None,
        "share": screens.percent(now.share), "needed": round(queries.demands_of(found.cycle).answered_share * 100),
        "untouched": [
            (line.question.text(language), reverse("self_question", args=[ref, line.question.id]), cluster.title)
            for cluster in now.clusters for line in cluster.lines if line.is_untouched
        ],
        "changed": sum(line.is_changed for line in now.lines.values()),
    }, status=422 if refused else 200)
