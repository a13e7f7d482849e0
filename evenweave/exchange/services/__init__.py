"""Steps of this room, by subject."""

from evenweave.exchange.services.checking import (
    ask_check,
    check_import,
    examine,
    open_import,
    read_factory_list,
)
from evenweave.exchange.services.deciding import decide_rest, decide_row
from evenweave.exchange.services.merging import merge_factories, missing_in
from evenweave.exchange.services.registering import ask_commit, ask_undo, commit_import, undo_import
from evenweave.exchange.services.splitting import Parting, parting_of, split_factories

__all__ = [
    "Parting",
    "ask_check",
    "ask_commit",
    "ask_undo",
    "check_import",
    "commit_import",
    "decide_rest",
    "decide_row",
    "examine",
    "merge_factories",
    "missing_in",
    "open_import",
    "parting_of",
    "read_factory_list",
    "split_factories",
    "undo_import",
]
