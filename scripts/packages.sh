#!/usr/bin/env bash
# Installs the front-end packages of package-lock.json, unless these very ones are there.
set -euo pipefail
cd "$(dirname "$0")/.."

want=$(sha256sum package-lock.json package.json | sha256sum)
stamp=node_modules/.installed
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && exit 0
command -v node >/dev/null || { echo "Node.js 20 or newer is needed to build the assets" >&2; exit 1; }
timeout 600 npm ci --no-audit --no-fund --loglevel=error
echo "$want" >"$stamp"
