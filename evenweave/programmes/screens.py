"""What the pages of programmes say: the rules of a day in words, each with where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from evenweave.organisations.enums import Sector
from evenweave.programmes import wording
from evenweave.programmes.enums import MilestoneKind, Participation, ProgrammeStatus, Service
from evenweave.programmes.queries import Quote, known_sources
from evenweave.programmes.rules import (
    CaseDuty,
    CommitteeRules,
    CreditPrices,
    ExtraService,
    FactoryPrices,
    Milestone,
    PublicReporting,
    Remark,
    Rules,
    ServiceModel,
    Step,
    Words,
    ZeroTolerance,
    words,
)
from evenweave.programmes.rules.selling import BOTH
from evenweave.toolkit.parts import Fact, Tag
from evenweave.toolkit.tables import Column

TAGS = {"planned": "none", "starting": "waiting", "running": "good", "ended": "none"}


@dataclass(frozen=True)
class ListLine:
    href: str
    name: str
    tag: Tag
    participation: str
    sectors: str


@dataclass(frozen=True)
class Table:
    """A small table: its caption, its columns and its rows, the first cell naming the row. `is_folded`: long, and
    opened by who wants it."""

    caption: str
    labels: list[str]
    rows: list[list[str]]
    numbers_from: int = 9
    is_folded: bool = False

    @property
    def columns(self) -> list[Column]:
        return [Column(label, label, is_number=at >= self.numbers_from) for at, label in enumerate(self.labels)]

    @property
    def lines(self) -> list[tuple[str, list[tuple[Column, str]]]]:
        """(what names the row, [(column, value)])."""
        return [(row[0], list(zip(self.columns[1:], row[1:], strict=True))) for row in self.rows]


@dataclass(frozen=True)
class Part:
    """A panel of the country's page: sentences, facts, tables, lists with a heading, and where it was read."""

    title: str
    sentences: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    tables: tuple[Table, ...] = ()
    items: tuple[str, ...] = ()
    origin: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceLine:
    """A source by its code; `address` "" where it is no page."""

    code: str
    title: str
    address: str


@dataclass(frozen=True)
class CountryPage:
    """A programme on one day. `parts` stand in the wide column, `side` beside it."""

    code: str
    name: str
    tags: tuple[Tag, ...]
    sentence: str
    parts: tuple[Part, ...]
    side: tuple[Part, ...]
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True)
class Answer:
    """What the page of quotes says. `grounds`: since when the rules that allow it hold, and their sources."""

    is_allowed: bool
    headline: str
    reasons: list[wording.Said]
    grounds: list[str]
    price: str


def list_columns() -> list[str]:
    return [_("Programme"), _("State"), _("Taking part"), _("Sectors")]


def list_line(name: str, rules: Rules) -> ListLine:
    return ListLine(
        reverse("programme_page", args=[rules.code]), name, _status_tag(rules),
        str(Participation(rules.participation.kind).label) if rules.participation else "–",
        _sectors(sector.key for sector in rules.sectors) or "–",
    )


def quote_answer(quote: Quote, programme: str) -> Answer:
    is_allowed = quote.sale.is_allowed
    headline = _("May be sold in %(programme)s") if is_allowed else _("May not be sold in %(programme)s")
    return Answer(
        is_allowed, headline % {"programme": programme}, wording.reasons(quote.sale),
        [wording.origin(ground) for ground in quote.sale.grounds], wording.price(quote),
    )


def country_page(rules: Rules) -> CountryPage:
    is_planned = rules.status == ProgrammeStatus.PLANNED
    parts = [_milestones(rules.milestones)] if is_planned else [
        _background(rules), _offer(rules), *(_model(model) for model in rules.service_models),
        _prices(rules.factory_prices), _remarked(_protocol(rules.zero_tolerance), rules, "zero_tolerance"),
        _extras(rules.extra_services),
    ]
    side = [_languages(rules), _remarked(_calendar(rules), rules, "calendar")]
    if not is_planned:
        side += [
            _remarked(_committee(rules.committee), rules, "committee"), _coaches(rules),
            _remarked(_public_list(rules.public_reporting), rules, "public_reporting"),
        ]
        side += [_credits(rules.buyer_credits)] if rules.buyer_credits else []
    return CountryPage(
        rules.code, _in_words(rules.name), (_status_tag(rules),), _sentence(rules),
        tuple(part for part in parts if part is not None), tuple(side), _source_lines(rules),
    )


def _source_lines(rules: Rules) -> tuple[SourceLine, ...]:
    """Every source that what the page shows of the day's rules rests on."""
    known = known_sources()
    shown = [rules.opening, rules.milestones, rules.provenance] if not rules.participation else rules
    used = sorted(code for code in wording.codes_in(shown) if code in known)
    return tuple(SourceLine(code, known[code]["title"], known[code].get("address", "")) for code in used)


def _in_words(texts: Words) -> str:
    return words(texts, get_language() or "en")


def _status_tag(rules: Rules) -> Tag:
    return Tag(TAGS[rules.status], str(ProgrammeStatus(rules.status).label))


def _sentence(rules: Rules) -> str:
    """Whether taking part is asked for, and why; of a programme that is planned or starting, from when."""
    if rules.participation is None:
        return _("Planned: nothing is sold. %(since)s") % {"since": _full(wording.since(rules.opening.provenance))}
    kind = Participation(rules.participation.kind).label
    said = _("%(kind)s: %(reason)s.") % {"kind": kind, "reason": _in_words(rules.participation.reason)}
    if rules.status == ProgrammeStatus.STARTING:
        day = date_format(rules.opening.provenance.valid_from)
        return said + " " + _("Factories are served from %(day)s.") % {"day": day}
    return said


def _full(text: str) -> str:
    return f"{capfirst(text)}."


def _sectors(keys: Iterable[str]) -> str:
    return ", ".join(str(Sector(key).label) for key in keys)


def _remarked(part: Part, rules: Rules, *about: str) -> Part:
    """The same part with what readers should know of its rule."""
    return replace(part, remarks=tuple(_remark(remark) for remark in rules.remarks if remark.about in about))


def _remark(remark: Remark) -> str:
    return f"{_in_words(remark.text)} ({wording.certainty(remark.provenance)})"


# The wide column


def _background(rules: Rules) -> Part | None:
    """Where the programme comes from, and why factories take part."""
    facts = [Fact(_("Factories served"), wording.origin(rules.opening.provenance))]
    if rules.participation:
        facts.append(Fact(_("Taking part"), wording.origin(rules.participation.provenance)))
    return _remarked(Part(_("The programme"), facts=tuple(facts)), rules, "opening", "participation")


def _offer(rules: Rules) -> Part:
    names = {**dict(Service.choices), BOTH: _("Assessment and advisory, as a yearly package")}
    rows = [
        [str(names[package.key]), _sectors(package.sectors), wording.origin(package.provenance)]
        for package in rules.packages
    ]
    sentences = []
    if training := rules.training:
        origin = wording.origin(training.provenance)
        rows.append([str(names[Service.TRAINING]), _sectors(sector.key for sector in rules.sectors), origin])
        sentences = [
            _("Training is sold apart.") if training.is_sold_separately else "",
            _("Factories that do not take part may buy it, too.") if training.is_open_to_non_members else "",
            _("The year's fee of a package holds training days.") if training.days_inside_the_fee else "",
        ]
    columns = [_("Service"), _("Sectors"), _("Rule")]
    table = Table(_("Sold"), columns, rows)
    return Part(_("What is offered"), (" ".join(filter(None, sentences)),), tables=(table,))


def _model(model: ServiceModel) -> Part:
    form = model.assessment
    effort = _("An assessment takes %(people)s people and %(days)s days.") % {"people": form.people, "days": form.days}
    rows = [[_in_words(step.title), _owner(step), _due(step)] for step in model.steps]
    return Part(
        _("Service model: %(title)s") % {"title": _in_words(model.title)},
        (_sectors(model.sectors) + ". " + effort,),
        tables=(Table(_("Steps, in order"), [_("Step"), _("Whose"), _("When")], rows, is_folded=True),),
        origin=wording.origin(model.provenance),
    )


def _owner(step: Step) -> str:
    return _("The factory") if step.owner == "factory" else _("The programme")


def _due(step: Step) -> str:
    """When a step is due and how often it happens; a secret step has no day that could be worked out."""
    said = [_offset(step), *(_count(count) for count in step.counts)]
    return "; ".join(filter(None, said))


def _offset(step: Step) -> str:
    anchors = {
        "cycle_start": _("the start of the cycle"), "assessment": _("the assessment"),
        "draft_sent": _("the draft"), "report_released": _("the release of the report"),
    }
    if step.is_secret:
        return _("unannounced")
    if step.days == 0:
        return _("with %(anchor)s") % {"anchor": anchors[step.anchor]}
    if step.months:
        distance = ngettext("%(n)s month", "%(n)s months", step.months) % {"n": step.months}
    elif step.days:
        distance = _days(step.days, step.day_kind)
    elif step.anchor:
        return _("after %(anchor)s") % {"anchor": anchors[step.anchor]}
    else:
        return ""
    return _("%(distance)s after %(anchor)s") % {"distance": distance, "anchor": anchors[step.anchor]}


def _days(days: int, kind: str) -> str:
    if kind == "working":
        return ngettext("%(n)s working day", "%(n)s working days", days) % {"n": days}
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _count(count) -> str:
    units = {
        "visits": ngettext("visit", "visits", count.at_most or count.at_least),
        "visits a year": _("visits a year"), "person-days": _("person-days"),
        "seminars a cycle": _("seminars a cycle"),
    }
    cycles = {"all": "", "first_cycle": _("in the first cycle"), "later_cycles": _("in later cycles")}
    if count.at_least == count.at_most:
        number = str(count.at_least)
    elif count.at_most is None:
        number = _("at least %(n)s") % {"n": count.at_least}
    elif count.at_least is None:
        number = _("at most %(n)s") % {"n": count.at_most}
    else:
        number = _("%(least)s to %(most)s") % {"least": count.at_least, "most": count.at_most}
    return " ".join(filter(None, (number, units.get(count.unit, count.unit), cycles[count.applies_to])))


def _prices(prices: FactoryPrices | None) -> Part:
    title = _("Prices for factories")
    if prices is None:
        return Part(title, (_("No price list is in force."),))
    names = {**dict(Service.choices), BOTH: _("Assessment and advisory, as a yearly package")}
    rows = [
        [str(names[line.package]), _up_to(line.workers_up_to), f"{line.price} {prices.currency}"]
        for line in prices.lines
    ]
    said = (_("This price list is made for the demo."),) if prices.is_demo else ()
    columns = [_("Package"), _("Workers"), _("A year")]
    table = Table(_("Price list in force"), columns, rows, numbers_from=2, is_folded=True)
    return Part(title, said, tables=(table,), origin=wording.origin(prices.provenance))


def _up_to(workers: int | None) -> str:
    return _("up to %(number)s") % {"number": workers} if workers else pgettext("size of a factory", "more")


def _protocol(protocol: ZeroTolerance) -> Part:
    rows = [
        [_in_words(duty.title), _clock(duty, protocol), wording.source(duty.provenance)] for duty in protocol.duties
    ]
    return Part(
        _("Zero tolerance"),
        (_("A suspicion is enough. What opens a case:"),),
        items=tuple(_in_words(issue.title) for issue in protocol.issues),
        tables=(Table(_("Its clock"), [_("Step"), _("At the latest"), _("Source")], rows, is_folded=True),),
        origin=wording.origin(protocol.provenance),
    )


def _clock(duty: CaseDuty, protocol: ZeroTolerance) -> str:
    hours = ngettext("%(n)s hour", "%(n)s hours", duty.hours) % {"n": duty.hours}
    if duty.after == "opened":
        return _("%(hours)s after the case opens") % {"hours": hours}
    before = next(known for known in protocol.duties if known.key == duty.after)
    return _("%(hours)s after: %(step)s") % {"hours": hours, "step": _in_words(before.title)}


def _extras(services: tuple[ExtraService, ...]) -> Part | None:
    if not services:
        return None
    rows = [
        [" · ".join(filter(None, (_in_words(service.title), service.address))), wording.origin(service.provenance)]
        for service in services
    ]
    table = Table(_("Offered beside the package"), [_("Service"), _("Rule")], rows)
    return Part(_("Further services"), tables=(table,))


def _milestones(milestones: tuple[Milestone, ...]) -> Part:
    rows = [
        [_in_words(stone.title), str(MilestoneKind(stone.kind).label), _when(stone.when),
         wording.source(stone.provenance)]
        for stone in milestones
    ]
    columns = [_("Milestone"), _("Kind"), _("When"), _("Source")]
    return Part(_("Milestones"), tables=(Table(_("On the way to a programme"), columns, rows),))


def _when(text: str) -> str:
    """A year, a month or a day, as it was recorded."""
    if len(text) == 10:
        return date_format(date.fromisoformat(text))
    if len(text) == 7:
        return date_format(date.fromisoformat(f"{text}-01"), "F Y")
    return text or _("not recorded")


# The side column


def _languages(rules: Rules) -> Part:
    facts = (
        Fact(_("Spoken"), ", ".join(_language(code) for code in rules.spoken_languages)),
        Fact(_("Reports"), ", ".join(_language(code) for code in rules.report_languages)),
    )
    return Part(_("Languages"), facts=facts, origin=capfirst(wording.certainty(rules.provenance["languages"])))


def _language(code: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse((get_language() or "en").replace("-", "_"))
    except UnknownLocaleError:
        locale = Locale.parse("en")
    return capfirst(locale.languages.get(code, code))


def _calendar(rules: Rules) -> Part:
    off = [
        _("%(day)s: %(name)s") % {"day": date_format(moved.day), "name": moved.name or (
            _("a holiday") if moved.is_holiday else _("a working day"))}
        for moved in rules.calendar_overrides
    ]
    facts = (
        Fact(_("Time zone"), rules.time_zone),
        Fact(_("Weekend"), ", ".join(str(WEEKDAYS[day]) for day in sorted(rules.weekend))),
        Fact(_("Set otherwise"), "; ".join(off) or _("no day")),
        Fact(_("Currency"), rules.currency),
    )
    return Part(_("Calendar"), facts=facts, origin=capfirst(wording.certainty(rules.provenance["calendar"])))


def _committee(rules: CommitteeRules) -> Part:
    facts = (
        Fact(_("Members"), _("%(least)s to %(most)s") % {"least": rules.least_members, "most": rules.most_members}),
        Fact(_("Sides"), _("half management, half workers") if rules.has_equal_sides else _("not of equal size")),
        Fact(_("Workers' side"), _("elected") if rules.are_workers_elected else _("named")),
        Fact(_("Union"), _("a seat for each union of the factory") if rules.has_seat_for_each_union else ""),
        Fact(_("Women"), _("as many as in the workforce") if rules.follows_gender_of_workforce else ""),
        Fact(_("Meets"), _("every %(days)s days at the latest") % {"days": rules.meets_every_days}),
        Fact(_("Term"), ngettext("%(n)s year", "%(n)s years", rules.term_years) % {"n": rules.term_years}
             if rules.term_years else _("no term")),
        Fact(_("Quorum"), _("%(percent)s %% of the seats of each side") % {"percent": rules.quorum_percent}),
    )
    return Part(_("Committee"), facts=facts, origin=wording.origin(rules.provenance))


def _coaches(rules: Rules) -> Part:
    own = rules.advisors
    if own.rotate_after_cycles:
        rotation = ngettext("after %(n)s cycle", "after %(n)s cycles", own.rotate_after_cycles) % {
            "n": own.rotate_after_cycles}
    else:
        rotation = _("no rule")
    facts = (
        Fact(_("Assess the factory they coach"), _("yes") if own.may_assess_own_factory else _("no")),
        Fact(_("Another takes over"), rotation),
    )
    return Part(_("Coaches"), facts=facts, origin=wording.origin(own.provenance))


def _public_list(rules: PublicReporting) -> Part:
    title = _("Public list")
    if not rules.is_factory_named:
        return Part(title, (_("No factory is named in public."),), origin=wording.origin(rules.provenance))
    least = ngettext(
        "Factories are named with their results on the publicly reported questions after %(n)s assessment.",
        "Factories are named with their results on the publicly reported questions after %(n)s assessments.",
        rules.least_assessments,
    ) % {"n": rules.least_assessments}
    return Part(title, (least,), origin=wording.origin(rules.provenance))


def _credits(prices: CreditPrices) -> Part:
    rows = [[_("%(n)s or more") % {"n": tier.at_least}, f"{tier.price} {prices.currency}"] for tier in prices.tiers]
    said = (_("This price list is made for the demo."),) if prices.is_demo else ()
    caption = _("Price of one, by how many are bought at once")
    table = Table(caption, [_("Credits"), _("Each")], rows, numbers_from=1, is_folded=True)
    return Part(_("Credits for buyers"), said, tables=(table,), origin=wording.origin(prices.provenance))
