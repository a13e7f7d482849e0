"""Files of released reports, made from their frozen facts. Heavy: called by jobs, in the worker."""

from evenweave.reports.rendering.assessment import assessment_pdf

__all__ = ["assessment_pdf"]
