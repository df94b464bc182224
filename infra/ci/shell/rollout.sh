#!/bin/sh
# A rollout to twenty devices must succeed: run as `muster exec --clock x60 -- sh rollout.sh`.
set -eu
muster simulate --scenario ota-wave --devices 20 --json >summary.json
test -s summary.json
