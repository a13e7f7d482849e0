"""Benchmarks: our figure beside the limit's, in one run. `script/bench [--json] [--only WORD]`.

A module here registers its measurements with `bench.registry.benchmark`; nothing else is needed for it to run."""
