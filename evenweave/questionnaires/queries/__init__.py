"""Reads: content as files, and the compiled tools of the database."""

from evenweave.questionnaires.queries.files import read_source

__all__ = ["read_source"]
