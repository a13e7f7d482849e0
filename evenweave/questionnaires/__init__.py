"""Versions of the compliance assessment tool: clusters, compliance points, questions, scoring."""
