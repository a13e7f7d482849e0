"""The words of the tool beside an item: titles, law."""

from django.utils.translation import get_language

from evenweave.improvement.models import PlanItem
from evenweave.improvement.queries.ties import today_of
from evenweave.law.queries import citations
from evenweave.organisations.models import Factory
from evenweave.questionnaires.models import ToolContent
from evenweave.questionnaires.queries import NoToolInForceError, compiled, tool_in_force
from evenweave.questionnaires.rules import Question, Tool


class Wording:
    """Looks titles up for many items, each version of the tool once. Items come with their `tool`."""

    def __init__(self) -> None:
        self._tools: dict[str, Tool | None] = {}

    def tool_of(self, item: PlanItem) -> Tool | None:
        """The version of the item's question; None when it has none, or its content is not in this database."""
        if item.tool is None:
            return None
        key = item.tool.content_hash
        if key not in self._tools:
            try:
                self._tools[key] = compiled(key)
            except ToolContent.DoesNotExist:
                self._tools[key] = None
        return self._tools[key]

    def question_of(self, item: PlanItem) -> Question | None:
        tool = self.tool_of(item)
        return tool.by_id.get(item.question_id) if tool else None

    def titles_of(self, item: PlanItem, language: str = "") -> tuple[str, str]:
        """The titles of the item's cluster and compliance point, by default in the reader's language; their keys
        when the tool does not know them."""
        tool = self.tool_of(item)
        if tool is None:
            return item.cluster, item.point
        words = language or get_language() or "en"
        cluster = next((one.title(words) for one in tool.clusters if one.key == item.cluster), item.cluster)
        point = tool.points[item.point].title(words) if item.point in tool.points else item.point
        return cluster, point

    def law_of(self, item: PlanItem) -> list[str]:
        """The legal references of the item's question, as pages print them."""
        question = self.question_of(item)
        return citations(question.law) if question else []


def tool_to_ask(factory: Factory) -> Tool | None:
    """The tool in force at the factory today; None when there is none, or its content is not here."""
    try:
        return compiled(tool_in_force(factory.programme, today_of(factory)).content_hash)
    except (NoToolInForceError, ToolContent.DoesNotExist):
        return None
