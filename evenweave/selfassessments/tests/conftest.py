"""Fixtures of the room."""

import pytest

from evenweave.selfassessments.tests.scene import Scene, a_scene


@pytest.fixture
def scene(cast) -> Scene:
    return a_scene(cast)
