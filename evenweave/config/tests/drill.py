"""The two halves of the backup drill, each a process with an installation of its own (DATABASE_URL, EVENWEAVE_DATA).

`drill.py lose FILE` fills an installation and backs it up; `drill.py recover FILE` brings it back elsewhere, and
tries what must be refused. Each prints one JSON document of what it saw."""

import hashlib
import json
import sys
import zipfile
from pathlib import Path

from click.testing import CliRunner
from django.core.files.storage import default_storage

from evenweave.config.commandline import main, start_django

PHOTO = b"\x89PNG not really, but bytes all the same \x00\xff" * 50


def run(*arguments: str) -> dict:
    done = CliRunner().invoke(main, [*arguments, "--json"])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return {"code": done.exit_code, **json.loads(done.stdout)}


def lose(file: Path) -> dict:
    run("migrate")
    fill()
    return {"backup": run("backup", str(file)), "again": run("backup", str(file)), "seen": seen()}


def fill() -> None:
    from evenweave.activity.services import step
    from evenweave.activity.steps import Step
    from evenweave.toolkit.files import store_file
    from evenweave.toolkit.models import Installation
    from tests import builders

    Installation.objects.create(is_demo=False)
    person = builders.a_person("Sok Dara")
    for name in ("Mekong\tStitch", "Tonlé \\ Garment", "រោងចក្រ"):
        with step() as log:
            factory = builders.a_factory(name)
            log.record(next(iter(Step)), about=factory, by=person, factory=factory, sharing=10, payload={"name": name})
    store_file(content=PHOTO, name="photo.png", content_type="image/png", owner=factory, action="x", by=person)


def seen() -> dict:
    """What tells one installation from another: its people, factories, log and the bytes of its files."""
    from evenweave.activity.models import Entry
    from evenweave.organisations.models import Factory
    from evenweave.people.models import Person
    from evenweave.toolkit.models import StoredFile

    hashes = []
    for stored in StoredFile.objects.all():
        with default_storage.open(stored.path) as content:
            hashes.append(hashlib.sha256(content.read()).hexdigest())
    return {
        "people": sorted(Person.objects.values_list("name", "password")),
        "factories": sorted(Factory.objects.values_list("ref", "name")),
        "log": list(Entry.objects.order_by("chain", "number").values_list("hash", flat=True)),
        "files": hashes,
    }


def recover(file: Path) -> dict:
    damaged = file.with_name("damaged.zip")
    damage(file, damaged)
    found = {"damaged": run("restore", str(damaged))}
    found["restore"] = run("restore", str(file))
    found["seen"] = seen()
    found["again"] = run("restore", str(file))
    change()
    found["replace"] = run("restore", str(file), "--replace")
    found["seen after replacing"] = seen()
    found["log"] = run("log", "verify")
    found["migrations"] = checked_migrations()
    change()
    return found


def damage(file: Path, damaged: Path) -> None:
    """A copy with one stored byte changed, and the archive's own checksum made to agree with it."""
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(damaged, "w") as out:
        for name in whole.namelist():
            content = whole.read(name)
            out.writestr(name, content.replace(b"not really", b"not REALLY") if name.startswith("files/") else content)


def change() -> None:
    """What restoring has to undo; it also takes new numbers, which must not collide with those brought back."""
    from evenweave.toolkit.models import StoredFile
    from tests import builders

    builders.a_factory("Somebody Else's")
    path = StoredFile.objects.get().path
    default_storage.delete(path)


def checked_migrations() -> bool:
    from evenweave.config.checks import migrations

    return migrations().is_well


if __name__ == "__main__":
    start_django()
    json.dump({"lose": lose, "recover": recover}[sys.argv[1]](Path(sys.argv[2])), sys.stdout)
