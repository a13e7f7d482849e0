"""The committee of Mekong Stitch on 20 November 2026, with its plan."""

import pytest

from evenweave.committees.tests import scene as building
from evenweave.improvement.tests import scene as plans
from evenweave.toolkit import clock
from tests import builders


@pytest.fixture
def table(cast):
    """The cast with `committee` (eight members), `cycle`, and the items of a report released on 2 February 2026."""
    cast.first_tool, cast.second_tool = plans.tools()
    cast.cycle = builders.a_cycle(cast.factory)
    cast.committee = building.whole(cast)
    assessment = plans.released(cast, cast.cycle, cast.first_tool)
    with clock.at(plans.FIRST_DAY):
        cast.public_item, cast.item = plans.adopted(cast, assessment, "EX-1", "EX-2")
    with clock.at(building.MET):
        yield cast
