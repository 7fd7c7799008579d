#!/usr/bin/env bash
# Runs the measurements, which take 25 minutes of a quiet machine, and an hour at most; wrk makes the load on pages.
# BENCH holds arguments, such as "-only import".
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/apt.sh

command -v wrk >/dev/null || apt_install wrk
ulimit -n "$(ulimit -Hn)"
go build -o bin/bench ./bench
# shellcheck disable=SC2086 # several arguments in one variable
timeout --kill-after=60 3600 bin/bench ${BENCH:-}
