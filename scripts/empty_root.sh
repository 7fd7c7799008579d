#!/usr/bin/env bash
# Proves what the image promises without an engine for images: the binary runs with nothing beside it
# but the certificates of authorities, as user 65532, and says what it misses instead of failing oddly.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
mkdir -p "$root/etc/ssl/certs"
cp bin/zhanggui "$root/zhanggui"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/" 2>/dev/null || true

if ldd bin/zhanggui 2>&1 | grep -qv 'not a dynamic executable'; then
  echo "bin/zhanggui is not static"; exit 1
fi
if [ "$(id -u)" = 0 ]; then
  within() { timeout 60 chroot --userspec=65532:65532 "$root" /zhanggui "$@"; }
else
  within() { timeout 60 unshare --map-root-user --root="$root" /zhanggui "$@"; }
fi

within routes --json | node -e '
  const routes = JSON.parse(require("node:fs").readFileSync(0)); const list = routes.routes ?? routes;
  if (!Array.isArray(list) || list.length < 10) throw new Error("routes --json printed no routes");
  console.log(`${list.length} routes printed`);'

# Production refuses to start without its settings and names them all.
said=$(within serve 2>&1) && { echo "serve started without settings"; exit 1; }
for name in DATABASE_URL ZHANGGUI_BASE_URL ZHANGGUI_MASTER_KEY; do
  grep -q "$name" <<<"$said" || { printf 'serve does not name %s as missing:\n%s\n' "$name" "$said"; exit 1; }
done
echo "serve names what is missing"

# doctor runs, and knows its settings although there is no database here.
said=$(within doctor 2>&1) || true
grep -q ZHANGGUI_LISTEN <<<"$said" || { printf 'doctor does not list the settings:\n%s\n' "$said"; exit 1; }
echo "doctor answers"
