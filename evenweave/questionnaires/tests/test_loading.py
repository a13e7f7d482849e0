"""Compiled tools in the database: loaded once, frozen on first use, opened at no cost."""

from datetime import UTC, date, datetime

import pytest

from evenweave.questionnaires import queries, services
from evenweave.questionnaires.models import CompiledTool
from evenweave.questionnaires.rules import ContentError
from evenweave.questionnaires.tests.content_folder import GLOBAL, LATER, LATER_LAYER
from evenweave.toolkit import clock

pytestmark = pytest.mark.django_db


def did(content) -> list[tuple[str, str]]:
    return [(row.label, row.did) for row in services.load_content(content.root)]


FIRST, SECOND = "sewing 2024.1 + sewing-XX 2024.1", "sewing 2025.1 + sewing-XX 2025.1"


def test_a_load_is_done_once(content):
    assert not queries.is_content_loaded()
    assert did(content) == [(FIRST, "new"), (SECOND, "new")]
    assert queries.is_content_loaded()
    assert did(content) == []
    content.write("law/ilo-other.yaml", {"instruments": []})
    assert did(content) == []
    content.change(LATER, "SA-06", text="Do all needles have guards?")
    assert did(content) == [(FIRST, "unchanged"), (SECOND, "changed")]
    assert {(row.version, row.programme) for row in CompiledTool.objects.all()} == {("2024.1", "XX"), ("2025.1", "XX")}


@pytest.mark.parametrize(("day", "version"), [
    (date(2024, 3, 1), "2024.1"), (date(2025, 8, 31), "2024.1"), (date(2025, 9, 1), "2025.1"),
])
def test_the_tool_in_force(content, day, version):
    services.load_content(content.root)
    assert queries.tool_in_force("XX", day).version == version


def test_no_tool_before_the_first_or_for_another_programme(content):
    services.load_content(content.root)
    for programme, day in (("XX", date(2024, 2, 29)), ("YY", date(2026, 1, 1))):
        with pytest.raises(queries.NoToolInForceError):
            queries.tool_in_force(programme, day)


def test_a_version_in_use_cannot_change(content):
    services.load_content(content.root)
    moment = datetime(2024, 11, 5, tzinfo=UTC)
    with clock.at(moment):
        used = services.take_into_use("XX", date(2024, 11, 5))
    assert (used.version, used.frozen_at) == ("2024.1", moment)
    before = queries.compiled(used.pk)
    content.change(GLOBAL, "SA-01", finding="__ exits were chained during work.")
    with pytest.raises(ContentError, match="in use since 2024-11-05"):
        services.load_content(content.root)
    used.refresh_from_db()
    assert used.content_hash == before.content_hash
    assert [tool.version for tool in queries.tools_of("XX")] == ["2024.1", "2025.1"]


def test_a_new_version_beside_one_in_use_is_loaded(content):
    services.load_content(content.root)
    services.take_into_use("XX", date(2024, 11, 5))
    content.change(LATER_LAYER, title="Sewing in Xland, second edition")
    assert did(content) == [(FIRST, "unchanged"), (SECOND, "changed")]


def test_first_use_is_the_one_that_counts(content):
    services.load_content(content.root)
    tool = queries.tool_in_force("XX", date(2024, 11, 5))
    for day in (5, 9):
        with clock.at(datetime(2024, 11, day, tzinfo=UTC)):
            services.freeze(tool)
    assert tool.frozen_at == datetime(2024, 11, 5, tzinfo=UTC)


def test_a_tool_opens_with_one_query_then_with_none(content, django_assert_num_queries):
    services.load_content(content.root)
    row = queries.tool_in_force("XX", date(2025, 9, 1))
    tool = queries.compiled(row.content_hash)
    with django_assert_num_queries(1):
        assert queries.compiled(row.pk) is tool
    with django_assert_num_queries(0):
        assert queries.compiled(row.content_hash) is tool
    assert tool.question("SA-06").finding() == "Needle guards were absent on __ machines."


def test_a_broken_folder_changes_nothing(content):
    services.load_content(content.root)
    content.change(GLOBAL, "SA-01", point="nowhere")
    with pytest.raises(ContentError, match="SA-01: no point 'nowhere' in 'safety'"):
        services.load_content(content.root)
    assert {tool.version for tool in queries.tools_of("XX")} == {"2024.1", "2025.1"}
