"""Logs: one JSON object a line, about requests and never about people."""

from __future__ import annotations

import json
import logging.config
from datetime import UTC, datetime
from typing import Any

from cramp_coach.handlers.log import where

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "selfhost.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "INFO", "handlers": ["stderr"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
    },
}


def start_logging() -> None:
    """From now on every line is JSON, warnings of libraries too."""
    logging.config.dictConfig(LOGGING)
    logging.captureWarnings(True)


class JsonFormatter(logging.Formatter):
    """A record as JSON: when, how bad, who says it, what, and the `fields` that came with it."""

    def format(self, record: logging.LogRecord) -> str:
        """One line. Of an exception, its kind and place: its message could quote a person."""
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            entry["error"] = f"{type(record.exc_info[1]).__name__} at {where(record.exc_info[1])}"
        return json.dumps(entry, ensure_ascii=False)
