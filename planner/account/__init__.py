"""Account 核算: from activity data to an account of emissions and removals by source, scope, gas, process and year.

The account stands on its own: it knows a plant's factors and rows of activity, whether they were metered or planned, and
neither model nor screen. ``activity`` reads rows, ``factors`` finds what a unit emits and who says so, ``power`` recognises
non-fossil power, ``ledger`` makes the lines and their sums within a boundary, ``planned`` turns a plan into activity.
"""
