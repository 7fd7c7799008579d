#!/usr/bin/env bash
# Sees to PostgreSQL's server programs: PGBIN, an installed server, or Debian's package.
# DATABASE_URL needs none. The package's own cluster is not wanted.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/apt.sh

[ -z "${DATABASE_URL:-}" ] && [ -z "${PGBIN:-}" ] || exit 0
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && exit 0
command -v initdb >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
  mkdir -p /etc/postgresql-common
  echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
fi
apt_install postgresql-15
