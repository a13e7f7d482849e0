"""What the pages of a report say, made from its frozen facts in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language, get_language_bidi, ngettext
from django.utils.translation import gettext as _

from evenweave.assessments.enums import Mode, Position, Seriousness
from evenweave.assessments.queries import Evidence
from evenweave.improvement.enums import ItemStatus, Side, Verification
from evenweave.programmes.queries import local_today
from evenweave.reports import rules
from evenweave.reports.enums import Author, FileKind, ProgressState
from evenweave.reports.facts import Facts
from evenweave.reports.models import DocumentFile, ProgressReport, Report
from evenweave.toolkit import charts, days
from evenweave.toolkit.components.marks import page_language, spoken
from evenweave.toolkit.parts import Fact, Knot, Photo, Reader, Tag

SOURCE_LANGUAGE = "en"
WORST = 3  # clusters named in the first sentences
MOST_OF_A_NAME = 36  # letters of a cluster beside its row in the chart
LANGUAGE_NAMES = {"en": "English", "fr": "Français", "km": "ខ្មែរ"}


def said(words: Mapping[str, str] | None) -> str:
    """Words of the tool in the reader's language, else in English, else as there are."""
    if not words:
        return ""
    return words.get(get_language() or "") or words.get(SOURCE_LANGUAGE) or next(iter(words.values()))


def shown(words: Mapping[str, str] | None, drafts: Iterable[str] = ()) -> SafeString:
    """The same as an element that says its language where that is not the page's, and that it is a draft translation
    where nobody has reviewed it."""
    text = said(words)
    language = next((code for code, each in (words or {}).items() if each == text), "")
    if words and text == words.get(own := page_language()):
        language = own
    return spoken(text, language, language in drafts)


def day(iso: str | date | None) -> str:
    """A day in words: 29 October 2026."""
    if not iso:
        return ""
    return date_format(date.fromisoformat(iso) if isinstance(iso, str) else iso, "j F Y")


def days_in_words(days: Sequence[date]) -> str:
    """Some days in a row: "6 and 7 October 2026", "30 September 2026 and 1 October 2026", "5 to 9 October 2026"."""
    if len(days) < 2:
        return day(days[0]) if days else ""
    first, last = days[0], days[-1]
    is_one_month = (first.year, first.month) == (last.year, last.month)
    words = {"first": date_format(first, "j") if is_one_month else day(first), "last": day(last)}
    return (_("%(first)s and %(last)s") if len(days) == 2 else _("%(first)s to %(last)s")) % words


def percent(rate: float | None) -> str:
    return "–" if rate is None else _("%(number)s %%") % {"number": number_format(rate * 100, 0)}


def language_name(code: str) -> str:
    return LANGUAGE_NAMES.get(code, code)


@dataclass(frozen=True)
class ClusterRow:
    """One line of "Points by cluster"."""

    title: str
    marks: Sequence[tuple]
    label: str
    with_findings: int
    assessed: int
    findings: int


@dataclass(frozen=True)
class TypedOnPage:
    """A typed text with its language, for the `lang` of its element."""

    text: str
    language: str


@dataclass(frozen=True)
class FindingOnPage:
    """One finding as the page shows it."""

    anchor: str
    question_id: str
    point: str
    text: str
    tags: Sequence[Tag]
    history: str
    explanation: TypedOnPage | None
    law: Sequence[tuple[str, str]]
    law_note: str
    behind: str
    reply: str
    reply_text: TypedOnPage | None
    photos: Sequence[Photo] = ()
    seriousness: str = ""
    elsewhere: str = ""


@dataclass(frozen=True)
class Page:
    """Everything of the report's page that comes from its facts."""

    title: str
    sentence: str
    first: str
    rest: str
    figures: Sequence[Fact]
    clusters: Sequence[ClusterRow]
    clusters_sentence: str
    chart: str
    narrow_chart: str
    chart_sentence: str
    chart_note: str
    chart_rows: Sequence[Sequence[str]]
    point_rows: Sequence[Sequence[str]]
    findings: Sequence[FindingOnPage]
    strengths: Sequence[TypedOnPage]
    gathered: Sequence[tuple[str, Sequence[Fact]]]
    amendment: Mapping[str, Any] | None
    changes: Sequence["ChangeOnPage"] = field(default_factory=tuple)
    checked_by: str = ""


@dataclass(frozen=True)
class ChangeOnPage:
    """A difference to the version before."""

    what: str
    point: str
    question_id: str
    before: str
    after: str


def page_of(facts: Facts, photos: Mapping[str, Sequence[Evidence]] | None = None) -> Page:
    short = rules.in_short(facts)
    amendment = facts["report"]["amendment"]
    return Page(
        title=_("Assessment report, cycle %(number)s") % {"number": facts["cycle_number"]},
        sentence=_how(facts),
        first=_first(short),
        rest=_rest(facts, short),
        figures=_figures(short),
        clusters=[_cluster_row(cluster) for cluster in _most_findings_first(facts)],
        clusters_sentence=_clusters_sentence(facts),
        chart=_chart(facts),
        narrow_chart=_chart(facts, narrow=True),
        chart_sentence=_chart_sentence(facts, short),
        chart_note=_chart_note(facts),
        chart_rows=[_chart_row(cluster) for cluster in facts["clusters"]],
        point_rows=[_point_row(point) for cluster in facts["clusters"] for point in cluster["points"]],
        findings=[_finding(finding, facts, (photos or {}).get(finding["question_id"], ()))
                  for finding in facts["findings"]],
        strengths=[TypedOnPage(one["text"], one["language"]) for one in facts["strengths"]],
        gathered=_gathered(facts),
        amendment=amendment,
        changes=changes_of(amendment["changes"]) if amendment else (),
        checked_by=_checked_by(facts),
    )


def _how(facts: Facts) -> str:
    assessment = facts["assessment"]
    days = [date.fromisoformat(one) for one in assessment["days"]]
    points = sum(len(cluster["points"]) for cluster in facts["clusters"])
    people = ngettext("%(count)s person", "%(count)s people", len(assessment["assessors"])) % {
        "count": len(assessment["assessors"])
    }
    when = days_in_words(days)
    where = {
        Mode.ONSITE: _("%(people)s assessed the factory unannounced, %(days)s: %(points)s compliance points, "
                       "%(asked)s questions."),
        Mode.VIRTUAL: _("%(people)s assessed the factory from afar, %(days)s: %(points)s compliance points, "
                        "%(asked)s questions."),
        Mode.HYBRID: _("%(people)s assessed the factory on site and from afar, %(days)s: %(points)s compliance "
                       "points, %(asked)s questions."),
    }[Mode(assessment["mode"])]
    return where % {"people": people, "days": when, "points": points, "asked": assessment["questions_asked"]}


def _first(short: rules.InShort) -> str:
    if not short.points_assessed:
        return _("No compliance point was assessed.")
    return ngettext(
        "%(clean)s of %(count)s compliance point has no finding.",
        "%(clean)s of %(count)s compliance points have no finding.",
        short.points_assessed,
    ) % {"clean": short.points_clean, "count": short.points_assessed}


def _rest(facts: Facts, short: rules.InShort) -> str:
    sentences = [_since_last(short)]
    worst = [said(cluster["title"]) for cluster in _most_findings_first(facts)
             if _with_finding(cluster)][:WORST]
    if worst:
        sentences.append(_("The most work lies in: %(clusters)s.") % {"clusters": ", ".join(worst)})
    if short.public:
        sentences.append(
            ngettext(
                "%(count)s finding is publicly reported.", "%(count)s findings are publicly reported.", short.public
            ) % {"count": short.public}
        )
    return " ".join(filter(None, sentences))


def _since_last(short: rules.InShort) -> str:
    if short.last_clean is None:
        return _("This is the first assessment with a report.")
    more = short.points_clean - short.last_clean
    if more > 0:
        return ngettext("That is %(count)s more than last time.", "That is %(count)s more than last time.", more) % {
            "count": more
        }
    if more < 0:
        return ngettext(
            "That is %(count)s fewer than last time.", "That is %(count)s fewer than last time.", -more
        ) % {"count": -more}
    return _("That is as many as last time.")


def _figures(short: rules.InShort) -> list[Fact]:
    return [
        Fact(_("Findings"), str(short.findings)),
        Fact(_("Found again"), str(short.again)),
        Fact(_("Publicly reported"), str(short.public)),
        Fact(_("Zero tolerance"), str(short.gravest)),
    ]


def _with_finding(cluster: Facts) -> int:
    return sum(point["status"] == "finding" for point in cluster["points"])


def _assessed(cluster: Facts) -> int:
    return sum(point["status"] in rules.ASSESSED for point in cluster["points"])


def _most_findings_first(facts: Facts) -> list[Facts]:
    return sorted(
        facts["clusters"],
        key=lambda cluster: (-_with_finding(cluster), -sum(point["findings"] for point in cluster["points"])),
    )


def _cluster_row(cluster: Facts) -> ClusterRow:
    found, assessed = _with_finding(cluster), _assessed(cluster)
    left = len(cluster["points"]) - assessed
    marks = [("finding", found, _("with a finding")), ("no-finding", assessed - found, _("without a finding")),
             ("dashed", left, _("not assessed"))]
    return ClusterRow(
        title=said(cluster["title"]),
        marks=[mark for mark in marks if mark[1]],
        label=_("%(found)s of %(count)s points with a finding") % {"found": found, "count": assessed},
        with_findings=found,
        assessed=assessed,
        findings=sum(point["findings"] for point in cluster["points"]),
    )


def legend() -> list[tuple]:
    return [("finding", 1, _("At least one finding")), ("no-finding", 1, _("No finding")),
            ("dashed", 1, _("Not assessed"))]


def _clusters_sentence(facts: Facts) -> str:
    hit = sum(bool(_with_finding(cluster)) for cluster in facts["clusters"])
    if not hit:
        return _("No cluster holds a finding.")
    return ngettext(
        "%(hit)s of %(count)s cluster holds findings.", "%(hit)s of %(count)s clusters hold findings.",
        len(facts["clusters"]),
    ) % {"hit": hit, "count": len(facts["clusters"])}


def _chart(facts: Facts, *, narrow: bool = False) -> str:
    """Shares in per cent: clusters have different numbers of points."""
    rows = [
        charts.Row(
            Truncator(said(cluster["title"])).chars(MOST_OF_A_NAME), _hundred(cluster["rate"]),
            _hundred(cluster["country"]["rate"]), _hundred(cluster["last_rate"]),
        )
        for cluster in sorted(facts["clusters"], key=lambda one: -(one["rate"] or 0))
        if cluster["rate"] is not None
    ]
    label = _("Share of the points assessed that have a finding, by cluster")
    axis = _("points with a finding, of 100 assessed")
    return charts.dots_and_ticks(rows, label, axis, rtl=get_language_bidi(), narrow=narrow) if rows else ""


def _hundred(rate: float | None) -> float | None:
    return None if rate is None else round(rate * 100, 1)


def _chart_sentence(facts: Facts, short: rules.InShort) -> str:
    with_finding = short.points_assessed - short.points_clean
    if facts["last"] is None:
        return _("%(now)s of %(count)s points have a finding.") % {"now": with_finding, "count": short.points_assessed}
    return _("%(now)s of %(count)s points have a finding; last time %(then)s of %(all)s.") % {
        "now": with_finding, "count": short.points_assessed, "then": facts["last"]["points_with_finding"],
        "all": facts["last"]["points_assessed"],
    }


def _chart_note(facts: Facts) -> str:
    """What the marks are. A comparison says of how many; of fewer than five nothing is told."""
    words = _("Filled dot: this time.")
    if facts["last"] is not None:
        words += " " + _("Hollow dot: last time, where it differs.")
    sizes = [cluster["country"]["n"] for cluster in facts["clusters"] if cluster["country"]["n"]]
    if not sizes:
        return words + " " + _("Other factories: fewer than five, not shown.")
    least, most = (number_format(size, force_grouping=True) for size in (min(sizes), max(sizes)))
    if least == most:
        return words + " " + _("Tick: mean of %(count)s other factories, latest assessment of each.") % {"count": most}
    return words + " " + _("Tick: mean of %(least)s to %(most)s other factories, latest assessment of each.") % {
        "least": least, "most": most
    }


def others(country: Facts) -> str:
    """The rate of the country with its N, or why there is none."""
    if country["suppressed"]:
        return _("fewer than five, not shown")
    return _("%(rate)s of %(count)s") % {
        "rate": percent(country["rate"]), "count": number_format(country["n"], force_grouping=True)
    }


def _elsewhere(country: Facts | None) -> str:
    """How many others have the same finding; nothing in reports from before that was counted."""
    if country is None:
        return ""
    if country["suppressed"]:
        return _("Other factories: fewer than five, not shown.")
    return _("Other factories with this finding: %(rate)s of %(count)s.") % {
        "rate": percent(country["rate"]), "count": number_format(country["n"], force_grouping=True)
    }


def _chart_row(cluster: Facts) -> list[str]:
    return [said(cluster["title"]), percent(cluster["rate"]), percent(cluster["last_rate"]), others(cluster["country"])]


def chart_heads() -> list[str]:
    return [_("Cluster"), _("This time"), _("Last time"), _("Other factories")]


def _point_row(point: Facts) -> list[str]:
    return [said(point["title"]), _status(point["status"]), str(point["findings"] or "–"),
            _status(point["last_status"]), others(point["country"])]


def point_heads() -> list[str]:
    return [_("Compliance point"), _("This time"), _("Findings"), _("Last time"),
            _("Other factories with a finding")]


def _status(status: str | None) -> str:
    return {"finding": _("Finding"), "no_finding": _("No finding"), "not_assessed": _("Not assessed")}.get(
        status or "", "–"
    )


def _typed(text: Mapping[str, Any] | None) -> TypedOnPage | None:
    return TypedOnPage(text["text"], text["language"]) if text else None


def _finding(finding: Facts, facts: Facts, photos: Sequence[Evidence]) -> FindingOnPage:
    titles = {point["key"]: point["title"] for cluster in facts["clusters"] for point in cluster["points"]}
    reply = finding["reply"]
    return FindingOnPage(
        anchor=f"finding-{finding['question_id']}",
        question_id=finding["question_id"],
        point=said(titles[finding["point"]]),
        text=shown(finding["text"], finding.get("drafts", ())),
        tags=_tags(finding),
        history=_history(finding),
        explanation=_typed(finding["explanation"]),
        law=[(shown(law["citation"]), law["source"] if law["source"].startswith("https://") else "")
             for law in finding["law"]],
        law_note=shown(finding["law_note"]),
        behind=_behind(finding, len(photos)),
        reply=_position(reply),
        reply_text=_typed(reply["text"]) if reply else None,
        photos=[_photo(one) for one in photos if one.file is not None],
        seriousness=str(Seriousness(finding["seriousness"]).label) if finding["seriousness"] else "",
        elsewhere=_elsewhere(finding.get("country")),
    )


def _tags(finding: Facts) -> list[Tag]:
    tags = [Tag("waiting", _("Again")) if finding["was_open_last_time"] else Tag("doing", _("New"))]
    if finding["is_zero_tolerance"]:
        tags.append(Tag("danger", _("Zero tolerance")))
    if finding["is_public"]:
        tags.append(Tag("audience", _("Public"), "eye"))
    return tags


def _history(finding: Facts) -> str:
    first = finding["first_seen"]
    return _("since cycle %(number)s, %(day)s") % {"number": first["cycle_number"], "day": day(first["on"])}


def _behind(finding: Facts, photos: int) -> str:
    """What one finds behind a finding: how it was seen, the law, the factory's answer, photos."""
    parts = [_("Explanation")] if finding["explanation"] else []
    parts += [_("law"), _("the factory's reply") if finding["reply"] else _("no reply")]
    if photos:
        parts.append(ngettext("%(count)s photo", "%(count)s photos", photos) % {"count": photos})
    words = ", ".join(parts)
    return words[:1].upper() + words[1:]


def _position(reply: Facts | None) -> str:
    if reply is None:
        return _("The factory did not reply to this finding.")
    return {
        Position.AGREES: _("The factory agrees."),
        Position.PARTLY: _("The factory agrees in part."),
        Position.DISAGREES: _("The factory disagrees."),
    }[Position(reply["position"])]


def _photo(one: Evidence) -> Photo:
    address = reverse("file", args=[one.file.ref])
    return Photo(src=address, alt=one.photo.caption or _("Photo of this finding"), caption=one.photo.caption,
                 href=address)


def _gathered(facts: Facts) -> list[tuple[str, list[Fact]]]:
    groups: dict[str, list[Fact]] = {}
    for fact in facts["gathered"]:
        groups.setdefault(said(fact["group"]), []).append(
            Fact(shown(fact["text"], fact.get("drafts", ())), _value(fact["value"]))
        )
    return list(groups.items())


def _value(value: Any) -> str:
    if value is None:
        return _("Could not be had")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return value if isinstance(value, str) else number_format(value, force_grouping=True)


def _checked_by(facts: Facts) -> str:
    assessment = facts["assessment"]
    words = _("Assessed by %(names)s.") % {"names": ", ".join(assessment["assessors"])}
    if assessment["reviewer"]:
        words += " " + _("Reviewed by %(name)s.") % {"name": assessment["reviewer"]}
    replies = sum(finding["reply"] is not None for finding in facts["findings"])
    words += " " + ngettext(
        "The factory replied to %(count)s finding.", "The factory replied to %(count)s findings.", replies
    ) % {"count": replies}
    tool = assessment["tool"]
    return words + " " + _("Questionnaire: %(title)s, version %(version)s.") % {
        "title": said(tool["title"]), "version": tool["version"]
    }


def changes_of(changes: Iterable[Facts]) -> list[ChangeOnPage]:
    kinds = {"withdrawn": _("Taken back"), "changed": _("Reworded"), "added": _("Added")}
    return [
        ChangeOnPage(kinds[one["kind"]], said(one["point"]), one["question_id"], shown(one["before"]),
                     shown(one["after"]))
        for one in changes
    ]


def readers(buyers: int) -> list[Reader]:
    return [
        Reader(_("Factory"), _("Manager and worker representatives")),
        Reader(_("Buyers"), ngettext("%(count)s, with consent and paid", "%(count)s, with consent and paid", buyers)
               % {"count": buyers}),
        Reader(_("Programme"), _("Its staff, the factory's coach, the quality team")),
    ]


def what_happens_next(
    versions: Sequence[Report], items: int, progress: Sequence[ProgressReport], today: date
) -> list[Knot]:
    """The path of a cycle after its release: what was done in the order of days, whose turn it is, what follows."""
    done = [(local_today(one.programme, one.released_at), _released_words(one.version)) for one in versions]
    if done:
        in_plan = ngettext("%(count)s item in the plan", "%(count)s items in the plan", items) % {"count": items}
        done.append((min(day_on for day_on, _words in done), in_plan))
    sent = [one for one in progress if one.state == ProgressState.SENT]
    done += [
        (local_today(one.programme, one.sent_at), _("%(name)s sent") % {"name": progress_name(one)}) for one in sent
    ]
    knots = [Knot(words, "past", short_day(day_on)) for day_on, words in sorted(done, key=lambda one: one[0])]
    due = [one for one in progress if one.state == ProgressState.DUE]
    return knots + [
        Knot(due_words(one, today), "to-come" if place else "now", short_day(one.due_on))
        for place, one in enumerate(due)
    ]


def _released_words(version: int) -> str:
    if version == 1:
        return _("Report released")
    return _("Report amended, version %(number)s") % {"number": version}


def short_day(when: str | date) -> str:
    return days.short_day(date.fromisoformat(when) if isinstance(when, str) else when)


def progress_name(report: ProgressReport) -> str:
    return _("Progress report %(number)s") % {"number": report.number}


def due_words(report: ProgressReport, today: date) -> str:
    """Who owes a report, and how long there is: "Progress report 1 is due from the factory. 11 days left." """
    if report.author == Author.FACTORY:
        words = _("%(name)s is due from the factory.") % {"name": progress_name(report)}
    else:
        words = _("%(name)s is due from the programme.") % {"name": progress_name(report)}
    days = (report.due_on - today).days
    if days < 0:
        return words + " " + ngettext("%(days)s day late.", "%(days)s days late.", -days) % {"days": -days}
    return words + " " + ngettext("%(days)s day left.", "%(days)s days left.", days) % {"days": days}


def progress_tag(report: ProgressReport, today: date) -> Tag:
    if report.state == ProgressState.SENT:
        return Tag("good", _("Sent"))
    if rules.is_overdue(report.due_on, today):
        return Tag("wrong", _("Late"))
    return Tag("waiting", _("Due"))


@dataclass(frozen=True)
class FileOnPage:
    """One file to take away."""

    label: str
    href: str
    size: str
    kind: str
    language: str
    sha256: str


def files_on_page(files: Iterable[DocumentFile]) -> list[FileOnPage]:
    return [
        FileOnPage(
            label=_("PDF, %(language)s") % {"language": language_name(one.language)} if one.kind == FileKind.PDF
            else _("Excel"),
            href=reverse("file", args=[one.stored.ref]),
            size=_("%(size)s kB") % {"size": number_format(max(1, round(one.stored.size_bytes / 1000)))},
            kind=one.kind,
            language=one.language,
            sha256=one.stored.sha256,
        )
        for one in files
    ]


@dataclass(frozen=True)
class ItemOnPage:
    """One item of a frozen plan."""

    number: str
    point: str
    text: str
    status: str
    verification: str
    immediate_action: TypedOnPage | None
    root_cause: TypedOnPage | None
    actions: Sequence[str]
    tag: Tag


def plan_item(item: Facts) -> ItemOnPage:
    return ItemOnPage(
        number=str(item["number"]),
        point=said(item["point"]),
        text=shown(item["text"]),
        status=str(ItemStatus(item["status"]).label),
        verification=_checked_words(item),
        immediate_action=_typed(item["immediate_action"]),
        root_cause=_typed(item["root_cause"]),
        actions=[_action(action) for action in item["actions"]],
        tag=_item_tag(item),
    )


def item_heads() -> list[str]:
    return [_("Item"), _("Issue"), _("Status"), _("Check")]


def _item_tag(item: Facts) -> Tag:
    if item["status"] == ItemStatus.COMPLETED:
        return Tag("good", str(ItemStatus.COMPLETED.label))
    if item["is_late"]:
        return Tag("wrong", _("Late"))
    return Tag("doing" if item["status"] == ItemStatus.IN_PROGRESS else "none", str(ItemStatus(item["status"]).label))


def _checked_words(item: Facts) -> str:
    """Who says so: the factory's own word is labelled as such."""
    if item["verification"] == Verification.VERIFIED:
        return _("Verified by the programme")
    if item["status"] == ItemStatus.COMPLETED:
        return _("The factory's own word, not checked")
    return ""


def _action(action: Facts) -> str:
    side = Side(action["owner_side"]).label
    owner = action["owner"] or side
    if action["done_on"]:
        return _("%(what)s – %(owner)s, done %(day)s") % {
            "what": action["text"]["text"], "owner": owner, "day": day(action["done_on"]),
        }
    return _("%(what)s – %(owner)s, due %(day)s") % {
        "what": action["text"]["text"], "owner": owner, "day": day(action["due_on"]),
    }


def plan_figures(facts: Facts) -> list[Fact]:
    items = facts["items"]

    def count(status: str) -> str:
        return str(sum(item["status"] == status for item in items))

    return [
        Fact(_("Items"), str(len(items))),
        Fact(_("Completed"), count(ItemStatus.COMPLETED)),
        Fact(_("In progress"), count(ItemStatus.IN_PROGRESS)),
        Fact(_("Late"), str(sum(item["is_late"] for item in items))),
    ]


def service_rows(steps: Iterable[Mapping[str, Any]] | None) -> list[tuple[str, SafeString]]:
    """Days and what happened on them: meetings, visits."""
    return [(day(step["on"]), shown(step["what"])) for step in steps or ()]


def committee_rows(committee: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Side and who sits for it, in counts."""
    if not committee:
        return []
    rows = []
    for side in Side:
        seated = [said(member["role"]) for member in committee["members"] if member["side"] == side]
        if seated:
            rows.append((str(side.label), ", ".join(seated)))
    return rows
