"""Releases, amendments and progress reports: facts gathered, frozen and rendered."""
