#!/usr/bin/env bash
# ask-cli runs this instead of a build of its own: $1 is the zip to write, $2 says whether it was called with --debug.
# The same build as `make package`, so that what is measured is what is deployed.
set -euo pipefail
zip=$1
cd "$(dirname "$0")/.."
python=.venv/bin/python
[ -x "$python" ] || python=python3
exec "$python" -m tools.package --output "$zip"
