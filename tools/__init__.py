"""Compile and check models and words, build the package, measure: everything a developer runs."""

import sys
from pathlib import Path

# `lambda` is a Python keyword, so its packages are found by path.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lambda"))
