"""The scene of this room's tests."""

import pytest

from evenweave.improvement.tests import scene as building
from evenweave.toolkit import clock
from tests import builders


@pytest.fixture
def scene(cast):
    """Mekong Stitch in cycle 1 (paid by Nordlys, consented to Costa Moda, who has not paid) with the findings EX-1
    (public) and EX-2 released; it is 2 February 2026."""
    cast.first_tool, cast.second_tool = building.tools()
    cast.cycle = builders.a_cycle(cast.factory)
    for buyer in (cast.nordlys, cast.costa):
        builders.consented(buyer, cast.factory)
    builders.paid(cast.nordlys, cast.cycle)
    cast.assessment = building.released(cast, cast.cycle, cast.first_tool)
    with clock.at(building.FIRST_DAY):
        cast.public_item, cast.item = building.adopted(cast, cast.assessment, "EX-1", "EX-2")
        cast.plan = cast.item.plan
        yield cast
