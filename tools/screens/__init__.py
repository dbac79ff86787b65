"""Screens: the pictograms' source and what is made from it, drawing on Amazon's renderer, and the checks."""
