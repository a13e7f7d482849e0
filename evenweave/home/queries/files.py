"""Which stored file a person may open."""

from evenweave.access.enums import Action
from evenweave.access.scope import permitted
from evenweave.people.models import Person
from evenweave.toolkit.files import model_of
from evenweave.toolkit.models import StoredFile


def file_for(person: Person, ref: str) -> StoredFile | None:
    """The stored file, if the person may take its action on its owner."""
    stored = StoredFile.objects.select_related("owner_type").filter(ref=ref).first()
    if stored is None:
        return None
    owners = model_of(stored).objects.filter(pk=stored.owner_id)
    return stored if permitted(person, Action(stored.action), owners).exists() else None
