"""What a person asked for and cannot have, with the reason they are told."""


class Refused(Exception):
    """A step that is not taken.

    `message`: one translated sentence that says what is wrong and what to do.
    `field`: the form field it belongs to, or None when it concerns the whole step."""

    def __init__(self, message: str, *, field: str | None = None):
        super().__init__(message)
        self.message = message
        self.field = field
