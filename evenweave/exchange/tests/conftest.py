"""Fixtures of this room's tests."""

import pytest

from evenweave.exchange.tests.twin_scene import Twins, make_twins


@pytest.fixture
def twins(cast) -> Twins:
    return make_twins(cast)
