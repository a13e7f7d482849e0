"""Files of released reports, made from their frozen facts. Heavy: called by jobs, in the worker."""

from evenweave.reports.rendering.assessment import assessment_pdf
from evenweave.reports.rendering.parts import LANGUAGES
from evenweave.reports.rendering.progress import progress_pdf
from evenweave.reports.rendering.workbooks import findings_workbook, findings_xlsx, progress_xlsx

__all__ = ["LANGUAGES", "assessment_pdf", "findings_workbook", "findings_xlsx", "progress_pdf", "progress_xlsx"]
