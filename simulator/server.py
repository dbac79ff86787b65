"""The simulator over HTTP: the page for a person, and Amazon's own interface for its command line."""

from __future__ import annotations

from flask import Flask


def create_app() -> Flask:
    """The web application. Every face of it drives the same engine, `simulator.alexa.Alexa`."""
    return Flask(__name__, static_folder=None)
