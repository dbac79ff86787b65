"""`python -m simulator`: talk to the skill without Amazon."""

from __future__ import annotations

import argparse
import os
import sys

from simulator.alexa import Alexa
from simulator.devices import DEVICES, USUAL_DEVICE
from simulator.model import UnknownLocaleError
from simulator.skill import local_skill
from simulator.terminal import converse, open_input

DESCRIPTION = """\
Talk to Cramp Coach as you would to an Echo: "open cramp coach", "my calf is cramping", "next".
An empty line is silence: first the reprompt, then the end of the session.
Standard input may be a file or a pipe, one utterance a line.
"""

NOT_EMULATED = """\
not emulated:
  speech recognition, and Amazon's statistical understanding: utterances are compared with the
  model's samples, exactly and then by similarity; other skills and Alexa's own answers; account
  linking, permissions, purchases; the clock (nothing here waits eight seconds).
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
    parser.add_argument("--device", default=USUAL_DEVICE, choices=DEVICES, help="the kind of device (default: echo)")
    parser.add_argument("--verbose", action="store_true", help="show intent, slots and how sure the match was")
    parser.add_argument("--json", action="store_true", help="print one JSON object a turn")
    options = parser.parse_args(arguments)
    try:
        alexa = Alexa(local_skill(), options.locale, options.device)
    except UnknownLocaleError as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 2
    try:
        converse(alexa, open_input(), sys.stdout, verbose=options.verbose, as_json=options.json)
    except BrokenPipeError:  # whoever read us has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
