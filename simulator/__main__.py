"""`python -m simulator`: talk to the skill without Amazon."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from io import StringIO
from pathlib import Path

from simulator.alexa import Alexa
from simulator.devices import DEFAULT_DEVICE, DEVICES
from simulator.languages import UnknownLocaleError
from simulator.replay import ReplayError, read_replay
from simulator.server import PORT, Server, create_app
from simulator.skill import local_skill
from simulator.smapi import how_to_use
from simulator.terminal import converse, open_input

DESCRIPTION = """\
Talk to Cramp Coach as you would to an Echo: "open cramp coach", "my calf is cramping", "next".
An empty line is silence: first the reprompt, then the end of the session.
Standard input may be a file or a pipe, one utterance a line.
While it runs there is also a page for the browser, with a voice and a screen; its address is printed first.
"""

NOT_EMULATED = """\
not emulated:
  speech recognition, and Amazon's statistical understanding: utterances are compared with the
  model's samples, exactly and then by similarity; other skills and Alexa's own answers; account
  linking, permissions, purchases; the clock (only the page waits eight seconds).
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the simulator; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="simulator",
        description=DESCRIPTION,
        epilog=NOT_EMULATED,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--locale", default="en-US", help="the locale of the device (default: en-US)")
    parser.add_argument("--device", default=DEFAULT_DEVICE, choices=DEVICES, help="the kind of device (default: echo)")
    parser.add_argument("--verbose", action="store_true", help="show intent, slots and how sure the match was")
    parser.add_argument("--json", action="store_true", help="print one JSON object a turn")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="say the lines of a file for `ask dialog --replay`")
    front_ends = parser.add_mutually_exclusive_group()
    front_ends.add_argument("--page", action="store_true", help="only the page, until Ctrl-C")
    front_ends.add_argument("--ask", action="store_true", help="the page and Amazon's interface, and how to use it")
    front_ends.add_argument("--no-page", action="store_true", help="only the terminal")
    parser.add_argument("--port", type=_port, default=PORT, help=f"the page's usual port (default: {PORT})")
    options = parser.parse_args(arguments)
    try:
        replay = read_replay(options.replay) if options.replay else None
        locale = replay.locale if replay else options.locale
        alexa = Alexa(local_skill(), locale, options.device)
    except (ReplayError, UnknownLocaleError) as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 2
    with nullcontext() if options.no_page or replay else _page(options.port) as page:
        if options.ask and page:
            print(how_to_use(page.address), flush=True)
        if options.page or options.ask:
            if page:
                page.wait()
            return 0 if page else 1
        source = StringIO("\n".join(replay.lines)) if replay else open_input()
        try:
            converse(alexa, source, sys.stdout, verbose=options.verbose, as_json=options.json)
        except BrokenPipeError:  # whoever read us has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


@contextmanager
def _page(port: int) -> Iterator[Server | None]:
    """Serve the page meanwhile; the terminal works without it."""
    try:
        server = Server(create_app(), port)
    except OSError as error:
        print(f"simulator: no page: {error}", file=sys.stderr)
        yield None
        return
    with server:
        print(f"The page, while this runs: {server.address}", file=sys.stderr)
        yield server


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) < 2**16:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port: use a number from 0 (any free one) to 65535")


if __name__ == "__main__":
    sys.exit(main())
