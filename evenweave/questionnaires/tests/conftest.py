"""Fixtures of the room."""

import pytest

from evenweave.questionnaires.tests.content_folder import ContentFolder


@pytest.fixture
def content(tmp_path) -> ContentFolder:
    return ContentFolder(tmp_path / "content")
