#!/usr/bin/env bash
# Fuzzes every target of the repository for about the given seconds each: fuzz.sh 10
#
# Each goes in rounds of a number of executions, more every time, until its seconds are over. A -fuzztime that is a
# duration would be shorter to say, but where it ends it races with the work under way, and Go 1.26 then reports a
# failure ("context deadline exceeded") that no input caused: https://go.dev/issue/75804
set -euo pipefail
cd "$(dirname "$0")/.."

each=${1:-10}
out=$(mktemp)
trap 'rm -f "$out"' EXIT
found=0
while IFS=: read -r file target; do
  found=$((found + 1))
  package=./$(dirname "$file")
  echo "fuzz $target in $package for ${each} s"
  round() {
    go test -run '^$' -fuzz "^$target\$" -fuzztime "${1}x" -fuzzminimizetime 100x "$package" >"$out" 2>&1 || { cat "$out"; exit 1; }
  }
  round 1 # builds it
  times=2000
  SECONDS=0
  until [ "$SECONDS" -ge "$each" ]; do
    began=$SECONDS
    round "$times"
    [ $(((SECONDS - began) * 4)) -ge "$each" ] || times=$((times * 2))
  done
  grep 'execs:' "$out" | tail -1
done < <(git ls-files -co --exclude-standard '*_test.go' | xargs grep -HoE '^func Fuzz[A-Za-z0-9_]+' | sed 's/func //')
echo "fuzzed $found targets"
[ "$found" -gt 0 ]
