"""Intake 接入: what a factory measured - meters, bills, weather - becomes hourly shapes of its case, or a sentence that says why not."""
