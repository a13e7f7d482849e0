# Sourced by script/test and script/bench: a PostgreSQL server of our own, in a temporary folder, on a free port.
# Needs install.bash. start_postgres sets database_url; stop_postgres takes everything away again.

oldest_postgres=15
cluster=

# The folder with initdb, pg_ctl and postgres of the newest version that is here and new enough.
find_postgres() {
  local folder version
  for folder in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin 2>/dev/null | sort -rV) \
    $(IFS=:; for part in $PATH; do printf '%s\n' "$part"; done); do
    [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] && [ -x "$folder/postgres" ] || continue
    version=$("$folder/initdb" --version 2>/dev/null | sed 's/[^0-9]*\([0-9]*\).*/\1/')
    if [ "${version:-0}" -ge "$oldest_postgres" ]; then
      printf '%s\n' "$folder"
      return
    fi
  done
  return 1
}

install_with_apt() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  say "Installing $* with apt-get…"
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 ||
    { apt-get update -qq >/dev/null 2>&1 && apt-get install -y -qq --no-install-recommends "$@" >&2; }
}

# The server refuses to run as root: then an account without rights runs it.
as_owner() {
  if [ "$(id -u)" != 0 ]; then
    "$@"
  elif command -v runuser >/dev/null; then
    runuser -u "$owner" -- "$@"
  else
    setpriv --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups "$@"
  fi
}

start_postgres() {
  local programs port
  programs=$(find_postgres) || { install_with_apt postgresql && programs=$(find_postgres); } ||
    die "PostgreSQL $oldest_postgres or newer is needed for the second run of the tests and was not found.
On Debian or Ubuntu: apt-get install postgresql"
  owner=$(id -un)
  if [ "$owner" = root ]; then
    owner=nobody
    id postgres >/dev/null 2>&1 && owner=postgres
  fi
  cluster=$(mktemp -d /tmp/evenweave-postgres.XXXXXX)
  chown "$owner" "$cluster"
  (
    cd "$cluster"
    as_owner "$programs/initdb" -D "$cluster/data" -U evenweave --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync >"$cluster.log" 2>&1
  ) || die "The test database could not be made: $(cat "$cluster.log")"
  port=$("$venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  postgres_programs=$programs
  (
    cd "$cluster"
    as_owner "$programs/pg_ctl" -D "$cluster/data" -s -w -l "$cluster/server.log" start \
      -o "-p $port -k $cluster -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c max_connections=200"
  ) </dev/null >/dev/null || die "The test database could not be started: $(cat "$cluster/server.log")"
  database_url=postgresql://evenweave@127.0.0.1:$port/evenweave
}

stop_postgres() {
  [ -n "$cluster" ] || return 0
  (cd "$cluster" && as_owner "$postgres_programs/pg_ctl" -D "$cluster/data" -s -m immediate stop) >/dev/null 2>&1 || true
  rm -rf "$cluster" "$cluster.log"
  cluster=
}
