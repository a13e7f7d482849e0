"""Fixtures of the room."""

import pytest

from evenweave.assessments.tests.scene import Scene, a_scene


@pytest.fixture
def scene(db) -> Scene:
    return a_scene()
