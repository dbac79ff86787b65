"""`python -m selfhost`: serve the skill. Settings come from the environment, see docs/self-hosting.md."""

from __future__ import annotations

import os
import sys

from .logs import start_logging
from .settings import SettingError, check_bind, read_settings


def main() -> None:
    """Serve until told to stop (SIGTERM: finish what is under way). Exits with 2 if a setting makes no sense."""
    try:
        settings = read_settings(os.environ)
        check_bind(settings.bind)
    except SettingError as error:
        print(f"selfhost: {error}", file=sys.stderr)
        sys.exit(2)
    start_logging()
    from .app import create_app  # only now, so that what is warned of meanwhile is logged
    from .server import Server

    Server(
        lambda: create_app(settings.skill_id, verify=settings.verify, body_bytes=settings.body_bytes), settings
    ).run()


if __name__ == "__main__":
    main()
