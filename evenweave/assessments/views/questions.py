"""One question a screen: its answer, the finding, evidence, comments; saved one by one without a page load.

The page is one form. A script posts it whenever a field changes and gets back small pieces (the heads that the next
save stands on, what is still missing, a conflict); without scripts a button posts the same form."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.assessments import queries
from evenweave.assessments.enums import Field, Lack, Seriousness
from evenweave.assessments.forms import PhotoForm, QuestionForm
from evenweave.assessments.models import Assessment
from evenweave.assessments.queries import Asked, Evidence, SaidBy, Sheet
from evenweave.assessments.rules import FieldState, blanks_in, filled, lacks, sentence_language, takes_answers
from evenweave.assessments.services import answering, reviewing
from evenweave.assessments.views import words
from evenweave.law.queries import citations
from evenweave.questionnaires.enums import FACTS
from evenweave.questionnaires.queries import compiled
from evenweave.questionnaires.rules import Question, is_noncompliant
from evenweave.toolkit import clock
from evenweave.toolkit.parts import Photo, Side, Tag
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.uuid7 import uuid7


@require_http_methods(["GET", "POST"])
@requires(Action.ASSESSMENT_ANSWER)
def question(request: HttpRequest, ref: str, question_id: str) -> HttpResponse:
    if request.method == "POST":
        return _save(request, ref, question_id)
    found = queries.assessment_for(request.user, Action.ASSESSMENT_ANSWER, ref)
    return _page(request, found, question_id)


def _save(request: HttpRequest, ref: str, question_id: str) -> HttpResponse:
    is_piece = bool(request.headers.get("HX-Request"))
    try:
        answered = answering.answer_question(
            ref=ref, question_id=question_id, said=QuestionForm(request.POST).said(), by=request.user
        )
    except ValueError:
        return _refused(request, ref, question_id, _("This page is out of date. Open the question again."), is_piece)
    except Refused as refused:
        return _refused(request, ref, question_id, refused.message, is_piece)
    if is_piece:
        return _pieces(request, answered.assessment, answered.question, answered.states)
    return _go(request.POST.get("go", ""), ref, question_id)


def _question(found: Assessment, question_id: str) -> Question:
    tool = compiled(found.tool_id)
    if not tool.has(question_id):
        raise Http404
    return tool.question(question_id)


def _go(where: str, ref: str, question_id: str) -> HttpResponse:
    if where in {"next", "previous"}:
        return redirect("question_beside", ref, question_id, where)
    return redirect("question", ref, question_id)


def _refused(request: HttpRequest, ref: str, question_id: str, message: str, is_piece: bool) -> HttpResponse:
    if is_piece:
        return render(request, "assessments/question_refused.html", {"message": message}, status=422)
    found = queries.assessment_for(request.user, Action.ASSESSMENT_ANSWER, ref)
    return _page(request, found, question_id, refused=message, typed=request.POST, status=422)


def _pieces(
    request: HttpRequest, found: Assessment, asked: Question, states: Mapping[str, FieldState]
) -> HttpResponse:
    """What changes on the page after a save. The finding's part is sent only when it appears or goes, so that
    nobody's cursor is moved."""
    answer = states.get(Field.ANSWER, FieldState()).value
    shows = _finding_shown(asked, answer)
    by_place = {(asked.id, name): state for name, state in states.items()}
    given = {
        "assessment": found, "bases": _bases(states), "url": _url("question", found, asked.id),
        "lacks": _lack_line(lacks(asked, by_place)), "is_piece": True,
        "conflicts": _conflicts(found, asked, states), "saved_at": words.local_time(found, clock.now()),
        "swaps_finding": shows != request.POST.get("shown", ""), "shown": shows,
    } | _finding(asked, states)
    return render(request, "assessments/question_saved.html", given)


def _page(
    request: HttpRequest, found: Assessment, question_id: str, *, refused: str = "", typed=None,
    photo_form: PhotoForm | None = None, status: int = 200,
) -> HttpResponse:
    asked = _question(found, question_id)
    sheet = queries.sheet(found, words.reading_language())
    one = sheet.asked.get(question_id) or Asked(asked, {}, ())
    given = {
        "assessment": found, "one": one, "is_asked": question_id in sheet.asked, "refused": refused,
        "is_open": takes_answers(found.state), "place": _place(sheet, one),
        "photo_form": photo_form or PhotoForm(), "photos": _photos(queries.evidence_of(found, question_id)),
        "url": _url("question", found, question_id), "comments": one.comments,
        "case_url": f"{reverse('case_open')}?assessment={found.ref}&question={question_id}",
    } | _words_of(found, asked) | _form(found, one, typed)
    return render(request, "assessments/question.html", given, status=status)


def _words_of(found: Assessment, asked: Question) -> dict:
    language = words.reading_language()
    second = words.second_language(found, asked)
    last = queries.last_answers(found, [asked.id], language).get(asked.id)
    helps = []
    if asked.law or asked.law_note:
        lines = [*citations(asked.law), *([asked.law_note] if asked.law_note else [])]
        helps.append(("scale", _("Law: %(count)s") % {"count": len(asked.law)}, "\n".join(lines)))
    if asked.look_for(language):
        helps.append(("eye", _("What to look for"), "\n".join(asked.look_for(language))))
    return {
        "question": asked, "text": words.question_words(asked, is_marked=False), "helps": helps,
        "second": asked.text(second) if second else "", "second_lang": second,
        "has_draft": asked.is_draft(language) or asked.is_draft(second) or bool(last and last.is_draft_translation),
        "audience": _("Publicly reported") if asked.is_public else "", "last": words.last_line(last),
        "last_explanation": last.explanation if last is not None else "",
    }


def _form(found: Assessment, one: Asked, typed) -> dict:
    """The form's values: what is kept, or after a refusal what was typed."""
    asked, fields = one.question, one.fields
    states = {name: one.said(name) for name in Field}
    answer, note, explanation = one.answer, one.said(Field.NOTE).value, one.explanation
    given = {
        "bases": _bases(states), "choices": words.choices_for(asked), "shown": _finding_shown(asked, answer),
        "conflicts": _conflicts(found, asked, fields), "lacks": _lack_line(one.lacks) if fields else "",
        "saved_at": words.local_time(found, one.changed_at),
    } | _finding(asked, states)
    if typed is not None:
        answer = typed.get("answer", answer)
        note, explanation = typed.get("note", note), typed.get("explanation", explanation)
        given["blanks"] = typed.getlist("blank") or given["blanks"]
        given["seriousness"] = typed.get("seriousness", given["seriousness"])
    return given | {
        "answer": "" if answer is None else str(answer), "note": note or "", "explanation": explanation or "",
        "wrong": asked.noncompliant_answer,
    }


def _finding_shown(asked: Question, answer) -> str:
    return "finding" if is_noncompliant(asked, answer) else ""


def _finding(asked: Question, states: Mapping[str, FieldState]) -> dict:
    language = words.reading_language()
    return {
        "finding_id": asked.id, "template": asked.finding(language) if asked.is_scored else "",
        "template_lang": asked.language_of_finding(language),
        "blanks": states.get(Field.FINDING, FieldState()).value or [],
        "blank_labels": [
            _("Blank %(number)s of the finding") % {"number": number}
            for number in range(1, blanks_in(asked.finding()) + 1)
        ],
        "seriousness": states.get(Field.SERIOUSNESS, FieldState()).value or "",
        "seriousness_choices": words.seriousness_choices(),
        "finding_tag": Tag("wrong", _("Non-compliant")),
        "is_zero_tolerance": asked.is_zero_tolerance,
    }


def _bases(states: Mapping[str, FieldState]) -> list[tuple[str, str, UUID]]:
    """For each field the heads that its next change stands on, and the id that change will have."""
    return [
        (name.value, ",".join(str(head) for head in states.get(name, FieldState()).heads), uuid7()) for name in Field
    ]


def _lack_line(lacking: Sequence[Lack]) -> str:
    return words.lack_words(lack for lack in lacking if lack is not Lack.ANSWER)


def _place(sheet: Sheet, one: Asked) -> dict:
    """Where the question stands in its cluster."""
    for cluster in sheet.clusters:
        ids = [other.question.id for other in cluster.asked]
        if one.question.id in ids:
            number = ids.index(one.question.id) + 1
            return {
                "cluster": cluster.title, "cluster_key": cluster.key, "number": number, "count": len(ids),
                "has_previous": one.question.id != next(iter(sheet.asked)),
                "has_next": one.question.id != next(reversed(sheet.asked)),
            }
    return {"cluster": "", "cluster_key": one.question.cluster, "number": 0, "count": 0, "has_previous": True,
            "has_next": True}


def _photos(evidence: Sequence[Evidence]) -> list[dict]:
    return [
        {
            "photo": Photo(
                src=reverse("file", args=[one.file.ref]), href=reverse("file", args=[one.file.ref]),
                alt=one.photo.caption or _("Photo without a caption"), caption=one.photo.caption,
            ),
            "withdraw_url": reverse("photo_withdraw", args=[one.photo.ref]), "caption": one.photo.caption,
        }
        for one in evidence if one.file is not None
    ]


def _conflicts(found: Assessment, asked: Question, states: Mapping[str, FieldState]) -> list[dict]:
    """Each field whose answers differ, its sides two by two."""
    torn = []
    for name, state in states.items():
        if state.is_conflict:
            sides = queries.sides_of(found, asked.id, name, state.heads)
            drawn = [_side(found, asked, name, side) for side in sides]
            torn.append({
                "field": str(name), "label": Field(name).label, "url": _url("question_settle", found, asked.id),
                "heads": ",".join(str(head) for head in state.heads), "change_id": uuid7(),
                "pairs": [(drawn[at], drawn[at + 1]) for at in range(0, len(drawn) - 1, 2)],
                "alone": drawn[-1] if len(drawn) % 2 else None,
                "names": _(" and ").join(sorted({side.newest.author.name for side in sides})),
            })
    return torn


def _side(found: Assessment, asked: Question, name: str, side: SaidBy) -> Side:
    author = side.newest.author.name
    tag, headline, text = None, "", ""
    match name:
        case Field.ANSWER:
            tag = words.answer_tag(asked, side.value)
            headline = "" if tag else _("No answer")
        case Field.FINDING:
            language = sentence_language(asked, words.reading_language(), side.value, side.newest.author.language)
            text = words.finding_words(filled(asked.finding(language), side.value), asked, language)
        case Field.SERIOUSNESS:
            headline = Seriousness(side.value).label if side.value else _("Not said")
        case _:
            text = side.value or _("Nothing")
    return Side(
        name=author, when=words.local_day_time(found.programme, side.newest.made_at), tag=tag, headline=headline,
        text=text, choose_label=_("Use %(name)s's answer") % {"name": author}, choose_value=str(side.newest.pk),
    )


def _url(name: str, found: Assessment, question_id: str) -> str:
    return reverse(name, args=[found.ref, question_id])


@require_GET
@requires(Action.ASSESSMENT_ANSWER)
def question_beside(request: HttpRequest, ref: str, question_id: str, way: str) -> HttpResponse:
    """The next or previous question that is asked now: decided here, because an answer can open or close others."""
    found = queries.assessment_for(request.user, Action.ASSESSMENT_ANSWER, ref)
    sheet = queries.sheet(found)
    clusters = (FACTS, *(cluster.key for cluster in sheet.tool.clusters))
    in_order = (one.id for cluster in clusters for one in sheet.tool.questions_of(cluster))
    order = {one: place for place, one in enumerate(in_order)}
    here = order.get(question_id, -1)
    later = [one for one in sheet.asked if order[one] > here]
    earlier = [one for one in sheet.asked if order[one] < here]
    if way == "next":
        return redirect("question", ref, later[0]) if later else redirect("assessment_check", ref)
    return redirect("question", ref, earlier[-1]) if earlier else redirect("assessment", ref)


@require_http_methods(["GET", "POST"])
@requires(Action.ASSESSMENT_ANSWER)
def question_settle(request: HttpRequest, ref: str, question_id: str) -> HttpResponse:
    """A person chooses which of two answers goes into the report."""
    if request.method == "POST":
        found = queries.assessment_for(request.user, Action.ASSESSMENT_ANSWER, ref)
        try:
            answering.settle(
                ref=ref, question_id=question_id, field=request.POST.get("field", ""),
                chosen=UUID(request.POST.get("choice", "")), change_id=UUID(request.POST.get("id", "")),
                heads=frozenset(UUID(head) for head in request.POST.get("heads", "").split(",") if head),
                by=request.user,
            )
        except ValueError:
            return _page(request, found, question_id, refused=_("Choose one of the answers that are shown."),
                         status=422)
        except Refused as refused:
            return _page(request, found, question_id, refused=refused.message, status=422)
    return redirect("question", ref, question_id)


@require_http_methods(["GET", "POST"])
@requires(Action.ASSESSMENT_ANSWER)
def question_photo(request: HttpRequest, ref: str, question_id: str) -> HttpResponse:
    if request.method == "POST":
        found = queries.assessment_for(request.user, Action.ASSESSMENT_ANSWER, ref)
        form = PhotoForm(request.POST, request.FILES)
        if not form.is_valid():
            return _page(request, found, question_id, photo_form=form, status=422)
        try:
            answering.add_photo(
                ref=ref, question_id=question_id, file=form.cleaned_data["photo"],
                caption=form.cleaned_data["caption"], by=request.user,
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            return _page(request, found, question_id, photo_form=form, status=422)
    return redirect(f"{reverse('question', args=[ref, question_id])}#photos")


@require_http_methods(["GET", "POST"])
@requires(Action.ASSESSMENT_ANSWER)
def photo_withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    photo = queries.photo_for(request.user, Action.ASSESSMENT_ANSWER, ref)
    address = f"{reverse('question', args=[photo.assessment.ref, photo.question_id])}#photos"
    if request.method == "POST":
        try:
            answering.withdraw_photo(photo_ref=ref, by=request.user)
        except Refused as refused:
            return _page(request, photo.assessment, photo.question_id, refused=refused.message, status=422)
    return redirect(address)


@require_http_methods(["GET", "POST"])
@requires(Action.ASSESSMENT_ANSWER)
def comment_resolve(request: HttpRequest, ref: str) -> HttpResponse:
    comment = queries.comment_for(request.user, Action.ASSESSMENT_ANSWER, ref)
    if request.method == "POST":
        reviewing.resolve_comment(comment_ref=ref, by=request.user)
    if comment.question_id:
        return redirect("question", comment.assessment.ref, comment.question_id)
    return redirect("assessment", comment.assessment.ref)
