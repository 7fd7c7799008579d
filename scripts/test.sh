#!/usr/bin/env bash
# The Go tests against one PostgreSQL, then the browser's tests against the built program.
# Nothing here may hang: each part has its time, and an end by force behind it.
set -euo pipefail
cd "$(dirname "$0")/.."

timeout --kill-after=30 "${TEST_TIME:-600}" \
  go run ./internal/dbtest/cluster go test -timeout 8m "$@" ./...

if [ -f browser/run.mjs ]; then
  timeout --kill-after=30 "${BROWSER_TIME:-1500}" node browser/run.mjs
fi
