"""What the pages of this room share: opening a committee, taking a step of a form."""

from collections.abc import Callable

from django.forms import Form
from django.http import Http404, HttpRequest

from evenweave.committees.queries import reading
from evenweave.committees.queries.reading import CommitteeRead
from evenweave.organisations.tabs import band
from evenweave.toolkit.refusals import Refused


def open_committee(request: HttpRequest, factory_ref: str, *, to_edit: bool = False, formed: bool = True):
    """The committee's read. Http404 when it is not there for this person, or not on record yet (`formed`)."""
    read = reading.committee_for(request.user, factory_ref)
    if read is None or (to_edit and not read.may_edit) or (formed and read.committee is None):
        raise Http404
    return read


def frame(request: HttpRequest, read: CommitteeRead) -> dict:
    return {"read": read, "factory": read.factory, "band": band(request, read.factory)}


def found_or_404[T](record: T | None) -> T:
    if record is None:
        raise Http404
    return record


def take[R](form: Form, step: Callable[[], R]) -> R | None:
    """Take the step of a valid form; a refusal becomes the form's error, nothing is saved and what was typed stays."""
    try:
        return step()
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return None
