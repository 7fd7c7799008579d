#!/usr/bin/env bash
# What every change must pass, the quick answers first. Stops at the first thing that fails.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/tool.sh

golangci=v2.15.0
govulncheck=v1.8.0

step() { # name, command...
  local name=$1 began=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  "$@"
  printf '== %s: %d s\n' "$name" $((SECONDS - began))
}

formatted() {
  local wrong
  wrong=$(git ls-files '*.go' | grep -v '_templ\.go$' | xargs gofmt -l)
  [ -z "$wrong" ] || { echo "not formatted, run make fmt:" $wrong; return 1; }
}

# Generated files are committed; generating them again must change nothing.
fresh() {
  local before after
  before=$(git ls-files -co --exclude-standard '*_templ.go' | sort | xargs sha256sum)
  go tool templ generate >/dev/null 2>&1
  after=$(git ls-files -co --exclude-standard '*_templ.go' | sort | xargs sha256sum)
  [ "$before" = "$after" ] || { echo "generated files were out of date, run make fmt"; diff <(echo "$before") <(echo "$after"); return 1; }
  go mod tidy -diff
  go mod verify
}

lint() {
  tool golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint $golangci
  timeout 900 "$tool" run --allow-parallel-runners ./...
}

# The data is an archive or a folder with one, read offline.
vulnerabilities() {
  if [ -z "${VULNDB:-}" ]; then
    echo "known vulnerabilities: not checked (VULNDB is not set)"
    return 0
  fi
  local archive=$VULNDB unpacked
  [ -d "$archive" ] && archive=$(ls "$VULNDB"/*.tar.xz | tail -n 1)
  unpacked=.cache/vulndb/$(basename "$archive" .tar.xz)
  if [ ! -d "$unpacked" ]; then
    mkdir -p "$unpacked.part"
    tar -xJf "$archive" -C "$unpacked.part"
    mv "$unpacked.part" "$unpacked"
  fi
  tool govulncheck golang.org/x/vuln/cmd/govulncheck $govulncheck
  timeout 600 "$tool" -db="file://$(dirname "$(dirname "$(find "$PWD/$unpacked" -path '*/index/db.json' | head -n 1)")")" ./...
}

races() {
  local packages=()
  for p in access alert audit clock confirm db dossier identity inbox job ledger operations payout platform product \
    settlement signal staff topup trade transfer upgrade withdrawal; do
    packages+=("./internal/$p/...")
  done
  CGO_ENABLED=1 timeout --kill-after=30 1200 go run ./internal/dbtest/cluster \
    go test -race -timeout 15m "${packages[@]}"
}

step "format" formatted
step "freshness" fresh
step "vet" go vet ./...
step "build" make build
step "lint" lint
step "known vulnerabilities" vulnerabilities
step "empty root" scripts/empty_root.sh
step "fuzz" scripts/fuzz.sh 10
step "races" races
step "heavy" scripts/heavy.sh
step "tests" env ZHANGGUI_KILLS=20 make test # the program and its database are killed more often than in a test alone
