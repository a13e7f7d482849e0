"""Elections: calling, nominating, counting, deciding a tie, calling off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.committees import rules, screens, services
from evenweave.committees.enums import ElectionState
from evenweave.committees.forms import CandidateForm, CountForm, ElectionForm, ReasonForm, TieForm
from evenweave.committees.models import Election
from evenweave.committees.queries import reading
from evenweave.committees.views.frame import found_or_404, frame, open_committee, take
from evenweave.improvement.enums import Side
from evenweave.toolkit.tables import Column, columns


@require_http_methods(["GET", "POST"])
@requires(Action.COMMITTEE_EDIT)
def election_call(request: HttpRequest, factory_ref: str) -> HttpResponse:
    read = open_committee(request, factory_ref, to_edit=True)
    most = rules.most_of_a_side(read.asked)
    form = ElectionForm(request.POST or None, initial={"seats": most, "marks_each": 1, "scope": "all"})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        is_for_all_seats = data.pop("scope") == "all"
        election = take(form, lambda: services.call_election(
            committee_ref=read.committee.ref, is_for_all_seats=is_for_all_seats, **data, by=request.user
        ))
        if election is not None:
            return redirect(election)
    return render(request, "committees/election_call.html", frame(request, read) | {"form": form})


@require_GET
@requires(Action.COMMITTEE_VIEW)
def election_page(request: HttpRequest, ref: str) -> HttpResponse:
    return _page(request, found_or_404(reading.election_for(request.user, ref)))


def _page(request: HttpRequest, election: Election, **forms) -> HttpResponse:
    read = reading.read_of(request.user, election.committee)
    candidates = reading.candidates_of(election)
    tied = _tied(election, candidates)
    is_open = read.may_edit and election.state == ElectionState.NOMINATING
    may_nominate = is_open and read.today <= election.nominations_until_on
    shown = frame(request, read) | {
        "election": election, "title": screens.election_title(election),
        "sentence": screens.election_sentence(election), "tag": screens.election_tag(election),
        "rows": [{"one": one, "tag": screens.candidate_tag(one, set(dict(tied)))} for one in candidates],
        "heads": columns(
            request, Column("name", _("Candidate")), Column("post", _("Line, section or job")),
            Column("by", _("Named by")), Column("votes", _("Votes"), is_number=True), Column("state", _("Result")),
        ),
        "is_counted": election.counted_at is not None,
        "facts": screens.election_facts(election, _turnout(election)) if election.counted_at else [],
        "may_change": is_open,
        "may_count": is_open and read.today >= election.polling_on and any(not one.withdrew_on for one in candidates),
        "may_call_off": read.may_edit and election.state in {ElectionState.NOMINATING, ElectionState.TIED},
        "candidate_form": forms.get("candidate") or (
            CandidateForm(accounts=_accounts(election), prefix="c") if may_nominate else None
        ),
        "tie_form": forms.get("tie") or (TieForm(tied=tied) if tied and read.may_edit else None),
        "tie_seats": _outcome(election, candidates).seats_tied if tied else 0,
    }
    return render(request, "committees/election_page.html", shown)


def _turnout(election: Election) -> float:
    return rules.Ballots(election.eligible, election.handed_out, election.in_box, election.invalid).turnout


def _outcome(election: Election, candidates) -> rules.Outcome:
    return rules.counted({one.ref: one.votes or 0 for one in candidates if not one.withdrew_on}, election.seats)


def _tied(election: Election, candidates) -> list[tuple[str, str]]:
    """Ref and name of those who share the last seats, while that is open."""
    if election.state != ElectionState.TIED:
        return []
    tied = _outcome(election, candidates).tied
    return [(one.ref, one.name) for one in candidates if one.ref in tied]


@require_POST
@requires(Action.COMMITTEE_EDIT)
def candidate_add(request: HttpRequest, ref: str) -> HttpResponse:
    election = found_or_404(reading.election_for(request.user, ref, Action.COMMITTEE_EDIT))
    form = CandidateForm(request.POST, accounts=_accounts(election), prefix="c")
    if form.is_valid() and take(
        form, lambda: services.nominate(election_ref=ref, **form.cleaned_data, by=request.user)
    ):
        messages.success(request, _("%(name)s stands for election.") % {"name": form.cleaned_data["name"]})
        return redirect(election)
    return _page(request, election, candidate=form)


def _accounts(election: Election) -> list[tuple[str, str]]:
    """The workers' side's accounts; who has a seat today may stand again."""
    members = reading.seated(election.committee)
    seated = [(one.person.ref, one.person.name) for one in members if one.person and one.side == Side.WORKERS]
    return sorted([*reading.accounts_of(election.committee, Side.WORKERS), *seated], key=lambda row: row[1])


@require_POST
@requires(Action.COMMITTEE_EDIT)
def candidate_withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    candidate = found_or_404(reading.candidate_for(request.user, ref))
    if candidate.election.state == ElectionState.NOMINATING:
        services.withdraw_candidate(ref=ref, by=request.user)
    return redirect(candidate.election)


@require_http_methods(["GET", "POST"])
@requires(Action.COMMITTEE_EDIT)
def election_count(request: HttpRequest, ref: str) -> HttpResponse:
    """The numbers from the paper."""
    election = found_or_404(reading.election_for(request.user, ref, Action.COMMITTEE_EDIT))
    if election.state != ElectionState.NOMINATING:
        return redirect(election)
    read = reading.read_of(request.user, election.committee)
    candidates = [one for one in reading.candidates_of(election) if one.withdrew_on is None]
    form = CountForm(request.POST or None, candidates=candidates, initial={"eligible": read.factory.workers_total})
    if request.method == "POST" and form.is_valid():
        counted = take(form, lambda: services.count_ballots(
            election_ref=ref, ballots=form.ballots(), votes=form.votes(), observers=form.names(), by=request.user
        ))
        if counted is not None:
            return redirect(election)
    shown = frame(request, read) | {"form": form, "election": election, "title": screens.election_title(election)}
    return render(request, "committees/election_count.html", shown)


@require_POST
@requires(Action.COMMITTEE_EDIT)
def election_tie(request: HttpRequest, ref: str) -> HttpResponse:
    election = found_or_404(reading.election_for(request.user, ref, Action.COMMITTEE_EDIT))
    form = TieForm(request.POST, tied=_tied(election, reading.candidates_of(election)))
    if form.is_valid() and take(
        form, lambda: services.decide_tie(election_ref=ref, **form.cleaned_data, by=request.user)
    ):
        return redirect(election)
    return _page(request, election, tie=form)


@require_http_methods(["GET", "POST"])
@requires(Action.COMMITTEE_EDIT)
def election_call_off(request: HttpRequest, ref: str) -> HttpResponse:
    election = found_or_404(reading.election_for(request.user, ref, Action.COMMITTEE_EDIT))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and take(
        form, lambda: services.call_off_election(election_ref=ref, **form.cleaned_data, by=request.user)
    ):
        return redirect(election)
    read = reading.read_of(request.user, election.committee)
    shown = frame(request, read) | {
        "form": form, "back": election.get_absolute_url(), "title": _("Call off the election"),
        "sentence": _("It stays on record with its reason. Another one can be called."), "act": _("Call it off"),
    }
    return render(request, "committees/reason.html", shown)
