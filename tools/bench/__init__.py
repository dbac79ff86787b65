"""`python -m tools.bench`: the budgets, measured. Times only ever as ratios within one run."""
