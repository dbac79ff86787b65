"""What a turn costs through the simulator's HTTP interface, beside one straight through `lambda_handler`."""

from __future__ import annotations

import json
import statistics
import urllib.request
from functools import partial

from simulator.envelope import APPLICATION_ID
from simulator.server import Server, create_app
from simulator.skill import local_skill
from tools.bench import REQUEST, milliseconds

TURNS = 300
WARM_UP = 20


def report() -> None:
    """Measure both in turn, and print median and 99th percentile of each in milliseconds."""
    skill = local_skill()
    body = json.dumps({"endpointRegion": "NA", "skillRequest": {"body": REQUEST}}).encode()
    with Server(create_app(skill), 0) as server:
        address = f"{server.address}/v2/skills/{APPLICATION_ID}/stages/development/invocations"

        def over_http() -> None:
            headers = {"Content-Type": "application/json"}
            with urllib.request.urlopen(urllib.request.Request(address, body, headers)) as answer:  # noqa: S310
                answer.read()

        for _ in range(WARM_UP):
            over_http()
            skill(REQUEST)
        straight = partial(skill, REQUEST)
        times = [(milliseconds(over_http), milliseconds(straight)) for _ in range(TURNS)]
    print(f"one turn, {TURNS} of each in turn:")
    for name, side in zip(
        ("through the HTTP interface", "straight through lambda_handler"), zip(*times, strict=True), strict=True
    ):
        median, slowest = statistics.median(side), statistics.quantiles(side, n=100)[98]
        print(f"    {name:<40} median {median:7.2f} ms   99th percentile {slowest:7.2f} ms")
    print(f"    ratio of the medians {statistics.median(http / straight for http, straight in times):.1f}")
