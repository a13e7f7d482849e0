"""Random public references: what an address shows instead of a number that counts or tells the time."""

import secrets

from django.db import models

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # nothing that reads like something else
LENGTH = 12


def new_ref() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class RefField(models.CharField):
    """A unique random reference, 12 characters (58 bits)."""

    def __init__(self, **kwargs) -> None:
        kwargs.update(max_length=LENGTH, unique=True, default=new_ref, editable=False)
        super().__init__(**kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "unique", "default", "editable"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs
