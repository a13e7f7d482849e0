"""Steps of this room, by subject."""

from evenweave.exchange.services.importing import (
    ask_check,
    ask_commit,
    ask_undo,
    check_import,
    commit_import,
    decide_row,
    examine,
    open_import,
    read_factory_list,
    undo_import,
)
from evenweave.exchange.services.merging import merge_factories, missing_in

__all__ = [
    "ask_check",
    "ask_commit",
    "ask_undo",
    "check_import",
    "commit_import",
    "decide_row",
    "examine",
    "merge_factories",
    "missing_in",
    "open_import",
    "read_factory_list",
    "undo_import",
]
