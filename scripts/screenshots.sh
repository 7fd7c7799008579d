#!/usr/bin/env bash
# Takes the pictures of the README from the running product: a demo of its own, signed in as a person would.
set -euo pipefail
cd "$(dirname "$0")/.."
timeout --kill-after=30 420 node scripts/screenshots.mjs
