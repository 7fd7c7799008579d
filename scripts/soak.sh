#!/usr/bin/env bash
# The long list, without a limit of time: every fuzz target for 30 minutes; the books with ten million random
# moves, a million tampered rows and 200 kills; then all tests with the race detector, again and again
# (SOAK_ROUNDS, 20).
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/fuzz.sh "${SOAK_FUZZ:-30m}"
<<<<<<< 2b2ba3236e344515e322842e78e012c95731e671
ZHANGGUI_LEDGER_OPS=${SOAK_OPS:-10000000} ZHANGGUI_LEDGER_ROWS=1000000 ZHANGGUI_LEDGER_KILLS=${SOAK_KILLS:-200} HEAVY_TIME=0 scripts/heavy.sh
=======
ZHANGGUI_LEDGER_OPS=${SOAK_OPS:-10000000} ZHANGGUI_LEDGER_ROWS=1000000 ZHANGGUI_LEDGER_KILLS=${SOAK_KILLS:-200} \
  go run ./internal/dbtest/cluster \
  go test -count=1 -timeout 0 -v -run 'WhateverIsTamperedWith|RandomMoves|AnyKill' ./internal/ledger
>>>>>>> 97ddfe356e2c0959f7638539f92a860b228a34d3
CGO_ENABLED=1 go run ./internal/dbtest/cluster \
  go test -race -timeout 0 -count "${SOAK_ROUNDS:-20}" ./...
