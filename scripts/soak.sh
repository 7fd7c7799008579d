#!/usr/bin/env bash
# The long list, without a limit of time: every fuzz target for 30 minutes; the books with ten million random
# moves, a million tampered rows and 200 kills; then all tests with the race detector, again and again
# (SOAK_ROUNDS, 20); and the pages in the whole Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/fuzz.sh "${SOAK_FUZZ:-1800}"
ZHANGGUI_LEDGER_OPS=${SOAK_OPS:-10000000} ZHANGGUI_LEDGER_ROWS=1000000 ZHANGGUI_LEDGER_KILLS=${SOAK_KILLS:-200} HEAVY_TIME=0 scripts/heavy.sh
CGO_ENABLED=1 go run ./internal/dbtest/cluster \
  go test -race -timeout 0 -count "${SOAK_ROUNDS:-20}" ./...
export CHROMIUM=/usr/bin/chromium # with its windows
scripts/browser.sh
node browser/run.mjs
