# Sourced by the scripts of this folder and by tests/run: what they all need.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '» %s\n' "$*"; }
die() { printf '✗ %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# Asked of the kernel, so that nobody sees a connection that says nothing.
listening() {
  local port
  printf -v port '%04X' "$1"
  grep -qsE "^ *[0-9]+: [0-9A-F]+:$port [0-9A-F]+:0000 0A " /proc/net/tcp /proc/net/tcp6
}

# Below the range from which the kernel takes the ports of outgoing connections.
free_port() {
  local port
  for _ in $(seq 200); do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    listening "$port" || { echo "$port"; return; }
  done
  die "no free port found between 20000 and 32000"
}

# wait_for SECONDS COMMAND…: until the command succeeds.
wait_for() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

# running PIDFILE WORD: the process is alive and is still the one meant, not a later one with the same number.
running() {
  local pid
  [[ -s $1 ]] && pid=$(head -n 1 "$1" 2>/dev/null) && grep -qsaF -- "$2" "/proc/$pid/cmdline"
}

# A process that nobody has waited for yet is gone, too.
gone() { ! grep -qsa . "/proc/$1/cmdline"; }

random_password() { od -An -N 24 -tx1 /dev/urandom | tr -d ' \n'; }

# The folder is closed to others; the files in it are not, because a container reads them under a user of its own.
secret() {
  local file=$1/$2
  [[ -s $file ]] || { random_password >"$file.new" && chmod 644 "$file.new" && mv "$file.new" "$file"; }
}

server_secrets() {
  mkdir -p "$1" && chmod 700 "$1"
  local database
  secret "$1" postgres_password
  secret "$1" broker_password
  for database in internal_services external_services gateway; do
    secret "$1" "${database}_owner_password"
    secret "$1" "${database}_app_password"
  done
}
