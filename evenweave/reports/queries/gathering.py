"""What a report says, gathered from the rooms into the facts of reports/facts.py.

Asked for inside the release's own transaction, once. What is not named here is in no report: the assessors' private
notes, comments of the review, the secret plan, who a case protects, texts that say who was interviewed where."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from evenweave.assessments.enums import Field
from evenweave.assessments.models import Assessment, Finding
from evenweave.assessments.queries import DraftFinding, assessors_of, draft_findings, reviewer_of, states_of
from evenweave.assessments.rules import States, answers_in, filled, sentence_language
from evenweave.indicators.models import FactoryResult
from evenweave.indicators.queries import country_beside, previous_result
from evenweave.indicators.rules import SMALLEST_GROUP
from evenweave.indicators.rules.comparing import NOBODY, Country, Others
from evenweave.law.queries import citation, reference
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today, programme_name, rules_on
from evenweave.questionnaires.enums import Answer, Outcome
from evenweave.questionnaires.queries import compiled
from evenweave.questionnaires.rules import Question, Tool, outcome, visible_questions
from evenweave.questionnaires.rules.tool import Cluster, Point
from evenweave.reports.facts import (
    SCHEMA,
    AssessmentReportFacts,
    ClusterFacts,
    Comparison,
    FactoryFacts,
    FindingFacts,
    FirstSeen,
    GatheredFact,
    LawFacts,
    PointFacts,
    ProgrammeFacts,
    ReplyFacts,
    TypedText,
    Words,
    compared,
)
from evenweave.reports.rules import as_share, rate_of, status_of

MOST_DAYS = 14
PEOPLE = "workers"  # the unit of facts that count people
FEW = f"1–{SMALLEST_GROUP - 1}"
SOURCE_LANGUAGE = "en"


@dataclass(frozen=True)
class Version:
    """Which report is being made: what its rows do not know yet."""

    ref: str
    number: int
    released_on: date


@dataclass(frozen=True)
class Material:
    """Everything one assessment says, read once."""

    assessment: Assessment
    tool: Tool
    states: States
    answers: Mapping[str, Any]
    asked: Sequence[Question]
    drafts: Sequence[DraftFinding]
    languages: Sequence[str]  # those that the files are made in
    spoken: Sequence[str]  # those of the programme's people

    @property
    def read_in(self) -> list[str]:
        """The languages in which the tool's words are kept with the facts, as far as the tool has them."""
        return list(dict.fromkeys([SOURCE_LANGUAGE, *self.languages, *self.spoken]))

    @property
    def scored(self) -> list[Question]:
        return [question for question in self.asked if question.is_scored]


def material_of(assessment: Assessment, day: date) -> Material:
    """Read the assessment as it stands. Its query count does not depend on the number of questions."""
    tool = compiled(assessment.tool_id)
    rules = rules_on(assessment.programme, day)
    states = states_of(assessment)
    answers = answers_in(states)
    return Material(
        assessment=assessment,
        tool=tool,
        states=states,
        answers=answers,
        asked=visible_questions(tool, answers, assessment.extent),
        drafts=draft_findings(assessment),
        languages=rules.report_languages,
        spoken=rules.spoken_languages,
    )


def counted_answers(material: Material) -> dict[str, str]:
    """The answers as they count, of the scored questions that were asked: question id → answer. A finding that an
    amendment took back counts as met. The log of answers itself is never changed."""
    withdrawn = Finding.objects.filter(assessment=material.assessment, withdrawal__isnull=False)
    met = set(withdrawn.values_list("question_id", flat=True))
    return {
        question.id: compliant_answer(question) if question.id in met else material.answers.get(question.id)
        for question in material.scored
    }


def compliant_answer(question: Question) -> str:
    return Answer.YES if question.noncompliant_answer == Answer.NO else Answer.NO


def assessment_facts(
    material: Material, version: Version, refs: Mapping[str, str], strengths: Sequence[TypedText] = ()
) -> AssessmentReportFacts:
    """The facts of a first release. `refs`: question id → the reference of the finding it makes."""
    assessment = material.assessment
    before = previous_result(assessment)
    country = country_beside(assessment, material.tool)
    return {
        "kind": "assessment",
        "schema": SCHEMA,
        "report": {
            "ref": version.ref, "version": version.number, "released_on": version.released_on.isoformat(),
            "amendment": None,
        },
        "factory": factory_facts(assessment.factory),
        "programme": programme_facts(assessment.programme, material.languages),
        "cycle_number": assessment.cycle.number,
        "assessment": _assessment(material),
        "last": _last(before),
        "clusters": _clusters(material, before, country),
        "findings": _findings(material, refs, version.released_on, country),
        "strengths": list(strengths),
        "gathered": _gathered(material),
        "languages": list(material.languages),
    }


def factory_facts(factory: Factory) -> FactoryFacts:
    lines = [factory.address, factory.address_more]
    sectors = factory.sectors.filter(until_on=None).order_by("sector").values_list("sector", flat=True)
    return {
        "ref": factory.ref,
        "name": factory.name,
        "address": ", ".join(line for line in lines if line),
        "city": ", ".join(dict.fromkeys(part for part in (factory.city, factory.region) if part)),
        "country_code": factory.country,
        "os_id": factory.os_id,
        "sectors": list(sectors),
        "workers": {"total": factory.workers_total, "women": factory.workers_female, "men": factory.workers_male},
    }


def programme_facts(programme: str, languages: Iterable[str]) -> ProgrammeFacts:
    return {"code": programme, "title": {language: programme_name(programme, language) for language in languages}}


def typed(text: str, language: str) -> TypedText | None:
    """A typed text, None where nothing was typed."""
    text = text.strip()
    return {"language": language, "text": text} if text else None


def _assessment(material: Material) -> dict[str, Any]:
    assessment, tool = material.assessment, material.tool
    reviewer = reviewer_of(assessment)
    outcomes = [outcome(question, material.answers.get(question.id)) for question in material.scored]
    return {
        "mode": str(assessment.mode),
        "extent": str(assessment.extent),
        "is_unannounced": True,
        "days": _days(assessment.started_on, assessment.ended_on),
        "assessors": [person.name for person in assessors_of(assessment)],
        "reviewer": reviewer.name if reviewer else "",
        "interviews": None,
        "tool": {
            "title": titles_in(tool.titles, material.read_in),
            "version": tool.layer_version,
            "hash": tool.content_hash,
        },
        "questions_asked": len(outcomes),
        "questions_scored": sum(found in (Outcome.COMPLIANT, Outcome.NONCOMPLIANT) for found in outcomes),
    }


def _days(first: date | None, last: date | None) -> list[str]:
    """The days from the first to the last; of a long stretch only its two ends."""
    if first is None or last is None:
        return [day.isoformat() for day in (first, last) if day is not None]
    count = (last - first).days + 1
    days = [first + timedelta(days=n) for n in range(count)] if count <= MOST_DAYS else [first, last]
    return [day.isoformat() for day in days]


def titles_in(titles: Mapping[str, str], languages: Iterable[str]) -> Words:
    """The titles there are, in the report's languages and in English."""
    wanted = dict.fromkeys([SOURCE_LANGUAGE, *languages])
    return {language: titles[language] for language in wanted if titles.get(language)}


def _last(before: FactoryResult | None) -> dict[str, Any] | None:
    if before is None:
        return None
    return {
        "cycle_number": before.cycle_number,
        "released_on": local_today(before.programme, before.released_at).isoformat(),
        "points_assessed": before.points_assessed,
        "points_with_finding": before.points_noncompliant,
        "findings": before.findings,
    }


def _clusters(material: Material, before: FactoryResult | None, country: Country) -> list[ClusterFacts]:
    by_point: dict[str, list[Question]] = defaultdict(list)
    for question in material.scored:
        by_point[question.point].append(question)
    found = []
    for cluster in material.tool.clusters:
        rows = [_point(material, point, by_point[point.key], before, country) for point in cluster.points]
        others = _told(country.clusters.get(cluster.key, NOBODY))
        found.append(_cluster(cluster, rows, others, material.read_in, has_last=before is not None))
    return found


def _told(others: Others) -> Comparison:
    return compared(as_share(others.rate), others.n)


def _cluster(
    cluster: Cluster, points: list[PointFacts], country: Comparison, languages: Sequence[str], *, has_last: bool
) -> ClusterFacts:
    return {
        "key": cluster.key,
        "title": titles_in(cluster.titles, languages),
        "rate": rate_of(points),
        "last_rate": rate_of(points, "last_status") if has_last else None,
        "country": country,
        "points": points,
    }


def _point(
    material: Material, point: Point, asked: Sequence[Question], before: FactoryResult | None, country: Country
) -> PointFacts:
    outcomes = [outcome(question, material.answers.get(question.id)) for question in asked]
    findings = outcomes.count(Outcome.NONCOMPLIANT)
    assessed = findings + outcomes.count(Outcome.COMPLIANT)
    return {
        "key": point.key,
        "title": titles_in(point.titles, material.read_in),
        "status": status_of(assessed, findings),
        "questions_assessed": assessed,
        "findings": findings,
        "last_status": _last_status(point, before),
        "country": _told(country.points.get(point.key, NOBODY)),
    }


def _last_status(point: Point, before: FactoryResult | None) -> str | None:
    """The status last time; of a point that was several, one finding among them counts."""
    if before is None:
        return None
    known = [before.points[key] for key in (point.key, *point.merges) if key in before.points]
    if not known:
        return "not_assessed"
    return "finding" if any(known) else "no_finding"


@dataclass(frozen=True)
class Earlier:
    """A released finding that was not taken back, with every root of its question."""

    roots: frozenset[str]
    cycle_number: int
    on: date
    assessment_id: int


def _earlier(assessment: Assessment) -> list[Earlier]:
    """The factory's findings of earlier assessments, oldest first. The tools of other years are read once each."""
    rows = (
        Finding.objects.filter(factory_id=assessment.factory_id, withdrawal=None)
        .exclude(assessment=assessment)
        .order_by("made_at", "pk")
        .values_list("tool_id", "question_id", "lineage_root", "cycle__number", "made_at", "assessment_id")
    )
    tools: dict[int, Tool] = {}
    found = []
    for tool_id, question_id, root, cycle_number, made_at, assessment_id in rows:
        tool = tools.get(tool_id) or tools.setdefault(tool_id, compiled(tool_id))
        roots = frozenset(tool.question(question_id).roots) if tool.has(question_id) else frozenset({root})
        found.append(Earlier(roots, cycle_number, local_today(assessment.programme, made_at), assessment_id))
    return found


def _findings(
    material: Material, refs: Mapping[str, str], today: date, country: Country
) -> list[FindingFacts]:
    earlier = _earlier(material.assessment)
    last_id = max((one.assessment_id for one in earlier), default=None)
    authors = _languages_of_authors(material)
    place = {question.id: number for number, question in enumerate(_in_report_order(material.tool))}
    drafts = sorted(material.drafts, key=lambda draft: place[draft.question.id])
    return [
        _finding(material, draft, refs, earlier, last_id, authors, today)
        | {"country": _told(country.questions.get(draft.question.id, NOBODY))}
        for draft in drafts
    ]


def _in_report_order(tool: Tool) -> list[Question]:
    clusters = {cluster.key: cluster.order for cluster in tool.clusters}
    points = {key: point.order for key, point in tool.points.items()}
    return sorted(tool.scored, key=lambda q: (clusters[q.cluster], points[q.point], q.order))


def _languages_of_authors(material: Material) -> dict[int, str]:
    """The language each author of an answer works in: what their typed texts are taken to be written in."""
    ids = {getattr(state, "changed_by_id", None) for state in material.states.values()} - {None}
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "language"))


def _finding(
    material: Material, draft: DraftFinding, refs: Mapping[str, str], earlier: Sequence[Earlier], last_id: int | None,
    authors: Mapping[int, str], today: date,
) -> FindingFacts:
    question = draft.question
    seen = [one for one in earlier if not one.roots.isdisjoint(question.roots)]
    first: FirstSeen = (
        {"cycle_number": seen[0].cycle_number, "on": seen[0].on.isoformat()} if seen
        else {"cycle_number": material.assessment.cycle.number, "on": today.isoformat()}
    )
    law = _law(question)
    said = material.states.get((question.id, Field.EXPLANATION))
    language = authors.get(getattr(said, "changed_by_id", None), SOURCE_LANGUAGE)
    sentence = finding_words(material, question)
    return {
        "ref": refs[question.id],
        "question_id": question.id,
        "cluster": question.cluster,
        "point": question.point,
        "text": sentence,
        "drafts": drafts_among(question, sentence),
        "explanation": typed(draft.explanation, language),
        "seriousness": str(draft.seriousness),
        "law": law,
        "law_note": {SOURCE_LANGUAGE: question.law_note} if question.law_note and not law else None,
        "is_public": question.is_public,
        "is_zero_tolerance": question.is_zero_tolerance,
        "first_seen": first,
        "was_open_last_time": any(one.assessment_id == last_id for one in seen),
        "photo_count": len(draft.photos),
        "reply": _reply(material.assessment, draft),
    }


def finding_words(material: Material, question: Question) -> Words:
    """The finding's sentence in every language the tool has it in, its blanks filled with what was typed. With words
    among the blanks only in the language of those words and, as the report's files need it, in English."""
    state = material.states.get((question.id, Field.FINDING))
    blanks = state.value if state is not None else None
    written_in = getattr(state, "written_in", SOURCE_LANGUAGE)
    wanted = {sentence_language(question, language, blanks, written_in) for language in material.read_in}
    return {
        language: filled(question.texts[language].finding, blanks)
        for language in material.read_in
        if language == SOURCE_LANGUAGE or language in wanted
    }


def drafts_among(question: Question, words: Iterable[str]) -> list[str]:
    """The languages, of those given, in which the question's words are a translation that nobody has reviewed."""
    return [language for language in words if question.is_draft(language)]


def _law(question: Question) -> list[LawFacts]:
    return [
        {"citation": {SOURCE_LANGUAGE: citation(ref.instrument, ref.provision)}, "source": _source(ref)}
        for ref in question.law
    ]


def _source(ref: Any) -> str:
    if ref.source:
        return ref.source
    try:
        known = reference(ref.instrument)
    except KeyError:
        return ""
    return getattr(known, "url", "") or known.source


def _reply(assessment: Assessment, draft: DraftFinding) -> ReplyFacts | None:
    reply = draft.reply
    if reply is None:
        return None
    return {
        "position": str(reply.position),
        "text": typed(reply.text, reply.language),
        "replied_on": local_today(assessment.programme, reply.at).isoformat(),
        "evidence_count": len(draft.reply_files),
    }


def _gathered(material: Material) -> list[GatheredFact]:
    """Numbers and yes or no. Texts stay with the staff: they say how and with whom people were interviewed."""
    return [
        {
            "id": question.id,
            "group": titles_in(material.tool.fact_groups.get(question.group, {}), material.read_in),
            "text": titles_in({code: text.text for code, text in question.texts.items()}, material.read_in),
            "value": _value(question, material.answers.get(question.id)),
            "unit": {SOURCE_LANGUAGE: question.unit} if question.unit else None,
            "drafts": drafts_among(question, material.read_in),
        }
        for question in material.asked
        if not question.is_scored and question.answer in ("number", "yes_no")
    ]


def _value(question: Question, answer: Any) -> int | float | str | bool | None:
    """The answer as it may be told: a handful of people is not counted out, so that nobody is recognised."""
    if answer in (None, ""):
        return None
    if question.answer == "yes_no":
        return {"yes": True, "no": False}.get(str(answer))
    try:
        number = float(answer)
    except (TypeError, ValueError):
        return None
    if question.unit == PEOPLE and 0 < number < SMALLEST_GROUP:
        return FEW
    return int(number) if number.is_integer() else number
