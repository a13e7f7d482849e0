"""Keeping the rules of programmes as they were loaded."""

from evenweave.programmes.models import RulesVersion
from evenweave.programmes.queries import all_programmes, file_hash, newest_version, whole_file


def load_programmes() -> list[RulesVersion]:
    """Keep every programme's file that differs from what was loaded last; the new versions. A programme's very first
    one counts, too."""
    return [version for code in all_programmes() if (version := _kept_if_new(code)) is not None]


def version_in_use(programme_code: str) -> RulesVersion:
    """The rules as they stand in the file now, kept."""
    return _kept_if_new(programme_code) or newest_version(programme_code)


def _kept_if_new(code: str) -> RulesVersion | None:
    newest = newest_version(code)
    if newest is not None and newest.content_hash == file_hash(code):
        return None
    return RulesVersion.objects.create(programme=code, content_hash=file_hash(code), data=dict(whole_file(code)))
