"""Which database: SQLite under the data folder, or what DATABASE_URL names."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # FULL: what a person was told is saved is on disk before the answer.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA cache_size=-16000;",
}
# Few connections a process, since there may be many processes; whoever cannot have one soon is told so.
POOL = {"min_size": 1, "max_size": 8, "timeout": 10}


def database_settings(url: str | None, data: Path, *, is_demo: bool) -> dict:
    """Django's settings for one database. `url`: sqlite:///FILE or postgresql://user:password@host:port/name.

    Raises ValueError for another scheme."""
    if not url:
        return _sqlite(data / ("demo.sqlite3" if is_demo else "evenweave.sqlite3"))
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(url.removeprefix("sqlite:///"))))
    if parts.scheme in {"postgres", "postgresql"}:
        query = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", None) or unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": {"pool": dict(POOL), "connect_timeout": 5, **query},
        }
    raise ValueError(f"DATABASE_URL begins with '{parts.scheme}:'; use sqlite:///FILE or postgresql://…")


def _sqlite(file: Path) -> dict:
    # Opening the file anew for each request costs 4 ms, reading its schema most of them.
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file), "OPTIONS": dict(SQLITE_OPTIONS),
            "CONN_MAX_AGE": 600, "TEST": {"NAME": None}}
