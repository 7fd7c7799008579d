#!/usr/bin/env bash
# The long list, without a limit of time: every fuzz target for 30 minutes, then all tests with the
# race detector, again and again (SOAK_ROUNDS, 20).
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/fuzz.sh "${SOAK_FUZZ:-30m}"
CGO_ENABLED=1 go run ./internal/dbtest/cluster \
  go test -race -timeout 0 -count "${SOAK_ROUNDS:-20}" ./...
