"""Benchmarks: measurements side by side with others, re-runnable by ``python -m benchmarks``; never part of the tests' verdict."""
