#!/usr/bin/env bash
# Fuzzes every target of the repository for the given time each: fuzz.sh 10s
set -euo pipefail
cd "$(dirname "$0")/.."

each=${1:-10s}
found=0
while IFS=: read -r file target; do
  found=$((found + 1))
  echo "fuzz $target in $(dirname "$file") for $each"
  go test -run '^$' -fuzz "^$target\$" -fuzztime "$each" "./$(dirname "$file")"
done < <(git ls-files -co --exclude-standard '*_test.go' | xargs grep -HoE '^func Fuzz[A-Za-z0-9_]+' | sed 's/func //')
echo "fuzzed $found targets"
[ "$found" -gt 0 ]
