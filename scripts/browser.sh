#!/usr/bin/env bash
# Sees to what the browser tests look with: Chromium, and a font that has Chinese.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/apt.sh

chromium=${CHROMIUM:-/usr/bin/chromium-headless-shell}
[ -x "$chromium" ] || apt_install "$(basename "$chromium")"
command -v fc-list >/dev/null || apt_install fontconfig
[ -n "$(fc-list :lang=zh family)" ] || { apt_install fonts-noto-cjk && fc-cache -f; }
# A failed installation must not pass as pages full of empty boxes.
[ -n "$(fc-list :lang=zh family)" ] || { echo "no font with Chinese is installed" >&2; exit 1; }
dpkg-query -W -f='${Package} ${Version}\n' "$(basename "$chromium")" 2>/dev/null || "$chromium" --version
scripts/packages.sh
