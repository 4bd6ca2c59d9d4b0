"""The planner 规划器: from sourced data to a factory's plan, and from the plan to everything people ask of it."""

__version__ = "0.1.0"
