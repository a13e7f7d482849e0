"""Pages of this room, by subject."""

from evenweave.exchange.views.findings import data_page, findings_sheet
from evenweave.exchange.views.imports import (
    import_columns,
    import_commit,
    import_decide,
    import_duplicates,
    import_list,
    import_new,
    import_page,
    import_undo,
)
from evenweave.exchange.views.merging import merge_check, merge_compare, merge_find, split_check
from evenweave.exchange.views.results import result_list

__all__ = [
    "data_page",
    "findings_sheet",
    "import_columns",
    "import_commit",
    "import_decide",
    "import_duplicates",
    "import_list",
    "import_new",
    "import_page",
    "import_undo",
    "merge_check",
    "merge_compare",
    "merge_find",
    "result_list",
    "split_check",
]
