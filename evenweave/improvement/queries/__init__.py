"""Reads of the improvement plan, for a person."""

from evenweave.improvement.queries.frozen import frozen_plan
from evenweave.improvement.queries.items import ItemRead, item_for, steps_of
from evenweave.improvement.queries.plans import (
    Counts,
    ItemRow,
    Load,
    PlanRead,
    Wanted,
    items_for,
    loads_of,
    plan_for,
    plans_for,
    sees_a_plan,
)
from evenweave.improvement.queries.talking import Said, readers_of_thread, thread_of
from evenweave.improvement.queries.ties import current_cycle, ties_of, today_of
from evenweave.improvement.queries.todos import todos

__all__ = [
    "Counts",
    "ItemRead",
    "ItemRow",
    "Load",
    "PlanRead",
    "Said",
    "Wanted",
    "current_cycle",
    "frozen_plan",
    "item_for",
    "items_for",
    "loads_of",
    "plan_for",
    "plans_for",
    "readers_of_thread",
    "sees_a_plan",
    "steps_of",
    "thread_of",
    "ties_of",
    "today_of",
    "todos",
]
