#!/usr/bin/env bash
# What would take too long every day: a log and books of a hundred thousand rows, tampered with in every way;
# a million random moves against the model of the books; twenty kills in the middle of booking.
# What it did is written into docs/RELIABILITY.md with: heavy.sh --write
set -euo pipefail
cd "$(dirname "$0")/.."

figures=$(mktemp)
trap 'rm -f "$figures"' EXIT
export ZHANGGUI_FIGURES=$figures
export ZHANGGUI_AUDIT_ROWS=${ZHANGGUI_AUDIT_ROWS:-100000} ZHANGGUI_LEDGER_ROWS=${ZHANGGUI_LEDGER_ROWS:-100000}
export ZHANGGUI_LEDGER_OPS=${ZHANGGUI_LEDGER_OPS:-1000000} ZHANGGUI_LEDGER_KILLS=${ZHANGGUI_LEDGER_KILLS:-20}
export ZHANGGUI_SETTLEMENT_KILLS=${ZHANGGUI_SETTLEMENT_KILLS:-20}

timeout --kill-after=30 "${HEAVY_TIME:-1800}" go run ./internal/dbtest/cluster \
  go test -count=1 -timeout 0 -run "WhateverIsTamperedWith|RandomMoves|AnyKill" ./internal/audit ./internal/ledger ./internal/settlement
sort "$figures"

if [ "${1:-}" = --write ]; then
  page=docs/RELIABILITY.md
  {
    sed '/^<!-- figures -->$/q' $page
    printf '\nWritten by `scripts/heavy.sh --write` on %s, commit %s.\n\n| what | done |\n|---|---|\n' "$(date -u +%F)" "$(git rev-parse --short HEAD)"
    sort "$figures"
  } >"$page.part"
  mv "$page.part" $page
fi
