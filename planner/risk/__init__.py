"""Risk 风险: what would change the plan - ranges of assumptions, their effect with the plan fixed and made anew, several futures at once."""
