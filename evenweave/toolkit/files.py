"""Stored files: one record each, content on the storage, opened only through the action of the owner."""

import hashlib
from typing import BinaryIO

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models

from evenweave.toolkit.models import StoredFile
from evenweave.toolkit.refs import new_ref


def store_file(
    *, content: bytes, name: str, content_type: str, owner: models.Model, action: str, by=None
) -> StoredFile:
    """Write `content` to the storage and remember it. Whoever may take `action` on `owner` may open it.

    The bytes are on the storage before the row exists; a step that fails leaves at most an unused file."""
    ref = new_ref()
    path = default_storage.save(f"{ref[:2]}/{ref}", ContentFile(content))
    return StoredFile.objects.create(
        ref=ref,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        content_type=content_type,
        name=name[:200],
        path=path,
        action=action,
        owner=owner,
        stored_by=by,
    )


def open_stored(stored: StoredFile) -> BinaryIO:
    return default_storage.open(stored.path, "rb")


def files_of(owner: models.Model) -> models.QuerySet[StoredFile]:
    return StoredFile.objects.filter(owner_type=ContentType.objects.get_for_model(owner), owner_id=owner.pk).order_by(
        "stored_at", "pk"
    )


def files_of_many(owners: list[models.Model]) -> dict[int, list[StoredFile]]:
    """The files of several records of one model, by the record's id. One query (and one cached)."""
    found: dict[int, list[StoredFile]] = {owner.pk: [] for owner in owners}
    if owners:
        kind = ContentType.objects.get_for_model(owners[0])
        for stored in StoredFile.objects.filter(owner_type=kind, owner_id__in=found).order_by("stored_at", "pk"):
            found[stored.owner_id].append(stored)
    return found


def model_of(stored: StoredFile) -> type[models.Model]:
    return apps.get_model(stored.owner_type.app_label, stored.owner_type.model)


def open_by(owners: list[models.Model], action: str) -> None:
    """From now on whoever may take `action` on these records of one model may open their files, and nobody else."""
    if owners:
        kind = ContentType.objects.get_for_model(owners[0])
        StoredFile.objects.filter(owner_type=kind, owner_id__in=[owner.pk for owner in owners]).update(action=action)
