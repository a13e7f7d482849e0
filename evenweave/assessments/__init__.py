"""Unannounced assessments: planning, answers, review, the factory's reply, findings, zero-tolerance cases."""
