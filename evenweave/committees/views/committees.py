"""The committee of a factory: its record, its seats, who takes and leaves them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenweave.access.enums import Action
from evenweave.access.routes import requires
from evenweave.committees import screens, services
from evenweave.committees.forms import CommitteeForm, LeaveForm, MemberForm, SignInForm
from evenweave.committees.models import Member
from evenweave.committees.queries import export, reading
from evenweave.committees.queries.health import health_of
from evenweave.committees.views.frame import found_or_404, frame, open_committee, take
from evenweave.improvement.enums import Side
from evenweave.toolkit import clock
from evenweave.toolkit.paging import page_of, said
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.tables import Column, columns

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@requires(Action.COMMITTEE_VIEW)
def committee_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, reading.committees_for(request.user))
    if page.paginator.count == 1 and not request.GET:
        return redirect(page.object_list[0])
    found = list(page.object_list)
    heads = columns(
        request, Column("factory", _("Factory")), Column("health", _("Health")), Column("last", _("Last met")),
        Column("next", _("Next meeting")),
    )
    count = page.paginator.count
    shown = {
        "page": page, "said": said(page), "heads": heads,
        "rows": screens.list_rows(found, health_of(found)) if found else [],
        "sentence": ngettext("%(count)s committee.", "%(count)s committees.", count) % {"count": count},
    }
    return render(request, "committees/committee_list.html", shown)


@require_GET
@requires(Action.COMMITTEE_VIEW)
def committees_sheet(request: HttpRequest) -> HttpResponse:
    """committees.xlsx: members, meetings and elections of every committee that the person reads."""
    from evenweave.committees.workbook import committees_workbook

    content = committees_workbook(
        members=export.members_to_export(request.user), meetings=export.meetings_to_export(request.user),
        elections=export.elections_to_export(request.user), created_at=clock.now(),
    )
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="committees.xlsx"'
    return answer


@require_GET
@requires(Action.COMMITTEE_VIEW)
def committee_page(request: HttpRequest, factory_ref: str) -> HttpResponse:
    read = open_committee(request, factory_ref, formed=False)
    if read.factory.merged_into is not None:
        return redirect("committee_page", read.factory.merged_into.ref)
    shown = frame(request, read) | {"sentence": screens.committee_sentence(read.asked)}
    if read.committee is None:
        return render(request, "committees/committee_none.html", shown)
    members = reading.seated(read.committee)
    health = health_of([read.committee])[read.committee.pk]
    meetings = reading.meetings_of(read.committee)
    shown |= {
        "benches": screens.benches(members),
        "members": members,
        "left": reading.left(read.committee),
        "lacks": [screens.lack_words(one) for one in health.lacking],
        "health": screens.health_rows(health),
        "next_by": health.next_by,
        "has_next": health.next_planned is not None,
        "meetings": screens.meeting_entries(meetings, read.today),
        "elections": screens.election_entries(reading.elections_of(read.committee), read.today),
    }
    return render(request, "committees/committee_page.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Action.COMMITTEE_EDIT)
def committee_form(request: HttpRequest, factory_ref: str) -> HttpResponse:
    """Put the committee on record, or correct what is there."""
    read = open_committee(request, factory_ref, to_edit=True, formed=False)
    there = read.committee
    initial = {"formed_on": there.formed_on, "unions": "\n".join(there.unions)} if there else {}
    form = CommitteeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = {"formed_on": form.cleaned_data["formed_on"], "unions": form.names(), "by": request.user}
        done = take(form, lambda: services.correct_committee(ref=there.ref, **data) if there
                    else services.form_committee(factory_ref=factory_ref, **data))
        if done is not None:
            return redirect("committee_page", factory_ref)
    return render(request, "committees/committee_form.html", frame(request, read) | {"form": form})


@require_http_methods(["GET", "POST"])
@requires(Action.COMMITTEE_EDIT)
def member_add(request: HttpRequest, factory_ref: str, side: str) -> HttpResponse:
    """A seat that needs no election."""
    read = open_committee(request, factory_ref, to_edit=True)
    if side not in Side:
        raise Http404
    form = MemberForm(
        request.POST or None, side=side, are_elected=read.asked.are_workers_elected,
        accounts=reading.accounts_of(read.committee, side), initial={"joined_on": read.today},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data | {"committee_ref": read.committee.ref, "side": side, "by": request.user}
        if take(form, lambda: services.add_member(**data)) is not None:
            messages.success(request, _("%(name)s has a seat.") % {"name": form.cleaned_data["name"]})
            return redirect("committee_page", factory_ref)
    shown = frame(request, read) | {
        "form": form, "is_workers": side == Side.WORKERS,
        "title": _("Add a member of the workers") if side == Side.WORKERS else _("Add a member of management"),
    }
    return render(request, "committees/member_add.html", shown)


@require_GET
@requires(Action.COMMITTEE_VIEW)
def committee_member(request: HttpRequest, ref: str) -> HttpResponse:
    return _member_page(request, found_or_404(reading.member_for(request.user, ref)))


def _member_page(request: HttpRequest, member: Member, **forms) -> HttpResponse:
    """With forms as they were typed when a step was refused."""
    read = reading.read_of(request.user, member.committee)
    may_change = read.may_edit and member.left_on is None
    shown = frame(request, read) | {
        "member": member, "facts": screens.member_facts(member), "may_change": may_change,
        "leave_form": forms.get("leave") or (LeaveForm(initial={"left_on": read.today}) if may_change else None),
        "sign_in_form": forms.get("sign_in") or (
            SignInForm(initial={"language": request.user.language})
            if reading.may_give_sign_in(request.user, member) else None
        ),
        "sheet_url": reverse("member_codes", args=[member.ref])
        if reading.may_print_codes(request.user, member) else "",
    }
    return render(request, "committees/member_page.html", shown)


@require_POST
@requires(Action.COMMITTEE_EDIT)
def member_chair(request: HttpRequest, ref: str) -> HttpResponse:
    member = found_or_404(reading.member_for(request.user, ref, Action.COMMITTEE_EDIT))
    if member.left_on is None:
        services.choose_chair(ref=ref, by=request.user)
        messages.success(request, _("%(name)s is in the chair.") % {"name": member.name})
    return redirect("committee_page", member.committee.factory.ref)


@require_POST
@requires(Action.COMMITTEE_EDIT)
def member_leave(request: HttpRequest, ref: str) -> HttpResponse:
    member = found_or_404(reading.member_for(request.user, ref, Action.COMMITTEE_EDIT))
    form = LeaveForm(request.POST)
    if form.is_valid() and take(form, lambda: services.member_leaves(ref=ref, **form.cleaned_data, by=request.user)):
        messages.success(request, _("%(name)s has left the committee.") % {"name": member.name})
        return redirect("committee_page", member.committee.factory.ref)
    return _member_page(request, member, leave=form)


@require_POST
@requires(Action.MEMBER_SIGN_IN)
def member_sign_in(request: HttpRequest, ref: str) -> HttpResponse:
    """An account by phone number."""
    member = found_or_404(reading.member_for(request.user, ref, Action.MEMBER_SIGN_IN))
    form = SignInForm(request.POST)
    if form.is_valid() and take(form, lambda: services.give_sign_in(ref=ref, **form.cleaned_data, by=request.user)):
        messages.success(request, _("%(name)s signs in with the phone number and a code.") % {"name": member.name})
        return redirect("committee_member", ref)
    return _member_page(request, member, sign_in=form)


@never_cache
@require_POST
@requires(Action.CODES_PRINT)
def member_codes(request: HttpRequest, ref: str) -> HttpResponse:
    """A sheet of one-time codes to print, shown once."""
    member = found_or_404(reading.member_for(request.user, ref, Action.CODES_PRINT))
    try:
        member, codes = services.print_member_codes(ref=ref, by=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("committee_member", ref)
    read = reading.read_of(request.user, member.committee)
    shown = frame(request, read) | {
        "member": member, "codes": [f"{code[:4]} {code[4:]}" for code in codes],
        "address": request.build_absolute_uri(reverse("account_request_login_code")),
    }
    return render(request, "committees/code_sheet.html", shown)
