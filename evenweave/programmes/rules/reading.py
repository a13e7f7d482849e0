"""From a programme file to the rules of one day."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from evenweave.programmes.rules.model import (
    AdvisorRules,
    AssessmentForm,
    CaseDuty,
    CommitteeRules,
    Count,
    CreditPrices,
    CreditTier,
    Deadline,
    Extension,
    ExtraService,
    FactoryPrices,
    Holiday,
    LowCompliance,
    Milestone,
    Opening,
    Package,
    Participation,
    PriceLine,
    Provenance,
    PublicReporting,
    Remark,
    ReplyWindow,
    Rules,
    Sector,
    SelfAssessment,
    ServiceModel,
    Step,
    Training,
    ZeroTolerance,
    ZeroToleranceIssue,
)

type Row = Mapping[str, Any]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class NoRulesInForceError(LookupError):
    """The programme has no rule of some kind in force on that day."""


def rules_of(data: Row, day: date) -> Rules:
    """The rules in force on a day, of a file made whole (see resolving). Raises NoRulesInForceError when one that
    must be there is not. A programme that is only planned has no participation, no sector and nothing to sell."""
    def the(name: str) -> Row:
        return _one(data, name, day)

    prices, credit_prices, training = (
        _newest(data.get(name) or (), day) for name in ("factory_prices", "buyer_credits", "training")
    )
    opening = opening_of(data)
    is_planned = opening.provenance.counts_from is None
    models = holding(data["service_models"], day)
    if not (models or is_planned):
        raise NoRulesInForceError(f"{data['code']} has no service model on {day}")
    return Rules(
        code=data["code"], day=day, name=data["name"], opening=opening, time_zone=data["time_zone"],
        currency=data["currency"],
        spoken_languages=tuple(data["languages"]["spoken"]), report_languages=tuple(data["languages"]["reports"]),
        calendar_country=data["calendar"]["country"],
        weekend=weekend_of(data["calendar"]),
        calendar_overrides=tuple(_holiday(row) for row in data["calendar"]["overrides"]),
        participation=None if is_planned else _participation(the("participation")),
        sectors=tuple(
            Sector(row["key"], _day(row["from"]), _provenance(row)) for row in holding(data.get("sectors"), day)
        ),
        packages=tuple(
            Package(row["key"], tuple(row["sectors"]), _provenance(row)) for row in holding(data.get("packages"), day)
        ),
        service_models=tuple(_model(row) for row in models),
        reply=_reply(the("reply")), report_deadline=_deadline(the("report_deadline")),
        zero_tolerance=_zero_tolerance(the("zero_tolerance")), committee=_committee(the("committee")),
        public_reporting=_public(the("public_reporting")), advisors=_advisors(the("advisors")),
        training=training and _training(training),
        buyer_credits=credit_prices and _credits(credit_prices),
        factory_prices=prices and _prices(prices),
        extra_services=tuple(
            ExtraService(row["key"], row["title"], _provenance(row), row.get("address", ""))
            for row in holding(data.get("extra_services"), day)
        ),
        milestones=tuple(
            Milestone(row["kind"], row["when"], row["title"], _provenance(row)) for row in data.get("milestones") or ()
        ),
        remarks=tuple(
            Remark(row["about"], row["text"], _provenance(row)) for row in data.get("remarks") or ()
        ),
        provenance={name: _provenance(data[name]) for name in ("languages", "calendar")},
    )


def days_of_change(data: Row) -> tuple[date, ...]:
    """Every day on which some rule begins or ends, in order: between two of them the rules are the same."""
    rows = [row for rule in data.values() if isinstance(rule, list) for row in rule if "from" in row]
    texts = {text for row in [*rows, data["opening"]] for text in (begins(row), row.get("until")) if text}
    return tuple(sorted(date.fromisoformat(text) for text in texts))


def opening_of(data: Row) -> Opening:
    """When the programme opens, opened or closed: the one rule that holds before every other does."""
    return Opening(_provenance(data["opening"]), _day(data["opening"].get("until")))


# Dates


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def begins(row: Row) -> str | None:
    """The first day on which a dated entry is known to hold, as text."""
    return row["from"] or row.get("known_on")


def holding(rows: Any, day: date) -> list[Row]:
    """The dated entries in force on a day."""
    return [row for row in rows or () if _holds(row, day)]


def _holds(row: Row, day: date) -> bool:
    until = _day(row.get("until"))
    return _day(begins(row)) <= day and (until is None or day < until)


def _newest(rows: Any, day: date) -> Row | None:
    return max(holding(rows, day), key=begins, default=None)


def _one(data: Row, name: str, day: date) -> Row:
    row = _newest(data[name], day)
    if row is None:
        raise NoRulesInForceError(f"{data['code']} has no rule '{name}' on {day}")
    return row


# Parts


def weekend_of(calendar: Row) -> frozenset[int]:
    """The weekdays nobody works, as date.weekday() counts them."""
    return frozenset(WEEKDAYS.index(name) for name in calendar["weekend"])


def _provenance(row: Row) -> Provenance:
    return Provenance(
        _day(row.get("from")), tuple(row["sources"]), row["confidence"], row.get("note", ""),
        _day(row.get("known_on")),
    )


def _holiday(row: Row) -> Holiday:
    return Holiday(_day(row["day"]), row["is_holiday"], row.get("name", ""), row["source"])


def _participation(row: Row) -> Participation:
    return Participation(row["kind"], row["reason"], _provenance(row))


def _training(row: Row) -> Training:
    return Training(
        row["is_sold_separately"], row["is_open_to_non_members"], row["days_inside_the_fee"], _provenance(row)
    )


def _model(row: Row) -> ServiceModel:
    form, own = row["assessment"], row.get("self_assessment")
    return ServiceModel(
        key=row["key"], title=row["title"], sectors=tuple(row["sectors"]),
        assessment=AssessmentForm(form["people"], form["days"], tuple(form["modes"]), tuple(form["extents"])),
        steps=tuple(_step(order, step) for order, step in enumerate(row["steps"], start=1)),
        provenance=_provenance(row), preparation_months=row.get("preparation_months"),
        self_assessment=own and SelfAssessment(own["answered_share"], own["needs_whole_profile"], _provenance(own)),
    )


def _step(order: int, row: Row) -> Step:
    is_secret = row.get("is_secret", False)
    return Step(
        key=row["key"], order=order, title=row["title"], owner=row["owner"], provenance=_provenance(row),
        anchor=row.get("anchor", ""), days=row.get("days"), months=row.get("months"),
        day_kind=row.get("day_kind", "calendar"), packages=frozenset(row.get("packages") or ()), is_secret=is_secret,
        shown_to_factory=row.get("shown_to_factory", not is_secret), progress_report=row.get("progress_report"),
        counts=tuple(Count(**count) for count in row.get("counts") or ()),
    )


def _reply(row: Row) -> ReplyWindow:
    return ReplyWindow(row["days"], row["day_kind"], Extension(**row["extension"]), _provenance(row))


def _deadline(row: Row) -> Deadline:
    return Deadline(row["days"], row["day_kind"], _provenance(row))


def _credits(row: Row) -> CreditPrices:
    tiers = tuple(CreditTier(tier["at_least"], Decimal(tier["price"])) for tier in row["tiers"])
    return CreditPrices(row["currency"], tiers, row["is_demo"], _provenance(row))


def _prices(row: Row) -> FactoryPrices:
    lines = tuple(
        PriceLine(line["package"], Decimal(line["price"]), line.get("workers_up_to"), tuple(line.get("sectors") or ()))
        for line in row["lines"]
    )
    return FactoryPrices(row["currency"], row["payment_days"], lines, row["is_demo"], _provenance(row))


def _zero_tolerance(row: Row) -> ZeroTolerance:
    return ZeroTolerance(
        issues=tuple(ZeroToleranceIssue(issue["key"], issue["title"]) for issue in row["issues"]),
        audience=tuple(row["audience"]), informed_later=tuple(row.get("informed_later") or ()),
        duties=tuple(
            CaseDuty(step["key"], order, step["title"], step["hours"], step["after"],
                     tuple(step.get("informs") or ()), _provenance(step))
            for order, step in enumerate(row["steps"], start=1)
        ),
        provenance=_provenance(row),
    )


def _committee(row: Row) -> CommitteeRules:
    return CommitteeRules(
        row["most_members"], row["has_equal_sides"], row["are_workers_elected"], row["meets_every_days"],
        row["follows_gender_of_workforce"], _provenance(row),
        **{name: row[name] for name in _COMMITTEE_OPTIONS if name in row},
    )


_COMMITTEE_OPTIONS = ("least_members", "term_years", "has_seat_for_each_union", "quorum_percent")


def _advisors(row: Row) -> AdvisorRules:
    return AdvisorRules(
        row["may_assess_own_factory"], row["rotate_after_cycles"], _provenance(row),
        frozenset(row.get("needs_accreditation", ())),
    )


def _public(row: Row) -> PublicReporting:
    low = row.get("low_compliance")
    return PublicReporting(
        row["tag"], row["least_assessments"], row["is_factory_named"], _provenance(row), low and LowCompliance(**low)
    )
