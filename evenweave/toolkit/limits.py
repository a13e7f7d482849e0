"""How often something may be tried: a count that forgets itself, for doors that stand open to everybody.

It counts tries at one thing (a session, a code), never who tries: nothing about a person's device is kept."""

from django.core.cache import cache


def may_try(what: str, *, most: int, seconds: int) -> bool:
    """Count one try at `what`; False when there were `most` before it within `seconds`. The count is each process's
    own where the cache is."""
    key = f"tries:{what}"
    if cache.add(key, 1, seconds):
        return True
    try:
        return cache.incr(key) <= most
    except ValueError:  # it forgot itself between the two lines
        cache.set(key, 1, seconds)
        return True
