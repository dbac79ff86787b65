"""Cramp Coach as a web service on one's own machine: flask-ask-sdk, behind a verification of its own."""

import sys
from pathlib import Path

LAMBDA = Path(__file__).resolve().parent.parent / "lambda"

# `lambda` is a keyword, so what stands in there is imported by its own name.
if str(LAMBDA) not in sys.path:
    sys.path.insert(0, str(LAMBDA))
