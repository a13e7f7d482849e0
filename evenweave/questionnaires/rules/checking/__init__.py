"""What can be wrong with content. Every check yields faults; none stops at the first."""

from evenweave.questionnaires.rules.checking.courses import course_faults
from evenweave.questionnaires.rules.checking.faults import Fault, Report
from evenweave.questionnaires.rules.checking.form import form_faults
from evenweave.questionnaires.rules.checking.law import KnownLaw, known_law, law_faults
from evenweave.questionnaires.rules.checking.likeness import near_copies
from evenweave.questionnaires.rules.checking.lineage import lineage_faults
from evenweave.questionnaires.rules.checking.questions import question_faults
from evenweave.questionnaires.rules.checking.themes import theme_faults
from evenweave.questionnaires.rules.checking.tools import global_faults, tool_faults
from evenweave.questionnaires.rules.compiling import compile_global, compile_tool
from evenweave.questionnaires.rules.source import ContentError, Source
from evenweave.questionnaires.rules.tool import Tool

__all__ = ["Fault", "KnownLaw", "Report", "check", "form_faults", "known_law"]


def check(source: Source) -> Report:
    """Everything that is wrong with the content. Faults of form are told alone, since the rest would be noise."""
    if faults := form_faults(source):
        return Report(tuple(faults), (), is_malformed=True)
    tools, faults = _compiled(source)
    before_layers, unplaced = _compiled_globally(source)
    faults += unplaced
    faults += law_faults(source)
    faults += question_faults(source)
    faults += lineage_faults(source)
    faults += near_copies(source, (*before_layers, *tools))
    faults += theme_faults(source, tools)
    faults += course_faults(source, tools)
    for tool in tools:
        faults += tool_faults(tool, source)
    told = {fault.message for fault in faults}
    for tool in before_layers:
        faults += [fault for fault in global_faults(tool) if fault.message not in told]
    return Report(tuple(dict.fromkeys(faults)), tools)


def _compiled(source: Source) -> tuple[tuple[Tool, ...], list[Fault]]:
    tools, faults = [], []
    for layer in source.layers:
        try:
            tools.append(compile_tool(source, layer.key, layer.version))
        except ContentError as error:
            faults.append(Fault(error.where, error.message))
    return tuple(tools), faults


def _compiled_globally(source: Source) -> tuple[tuple[Tool, ...], list[Fault]]:
    tools, faults = [], []
    for version in source.versions.values():
        if version.is_layer:
            continue
        try:
            tools.append(compile_global(source, version.key, version.version))
        except ContentError as error:
            faults.append(Fault(error.where, error.message))
    return tuple(tools), faults
