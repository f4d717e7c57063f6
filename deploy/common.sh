# Sourced by the scripts of this folder and by tests/run: what they all need.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '» %s\n' "$*"; }
die() { printf '✗ %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# quietly COMMAND…: its output matters only when it fails.
quietly() {
  local output
  output=$("$@" 2>&1) || { printf '%s\n' "$output" >&2; return 1; }
}

# install_packages PACKAGE…: from the system's own packages, where this may.
install_packages() {
  has apt-get || die "missing: $* (and no apt-get here to install it with)"
  ((EUID == 0)) || die "missing: $*. Install it (sudo apt-get install $*) or run this as root"
  say "installing $*"
  quietly apt-get update && DEBIAN_FRONTEND=noninteractive quietly apt-get install -y --no-install-recommends "$@"
}

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

# publish_secret FILE: standard input, whole or not at all. The folder is closed to others; the file is not, because a
# container reads it under a user of its own.
publish_secret() { cat >"$1.new" && chmod 644 "$1.new" && mv "$1.new" "$1"; }

secret() { [[ -s $1/$2 ]] || random_password | publish_secret "$1/$2"; }

# The passwords of the databases' roles and of the broker's user: what is there already stays.
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

mesh_secrets() {
  server_secrets "$1"
  [[ -s $1/rabbitmq_conf ]] || publish_secret "$1/rabbitmq_conf" <<CONF
default_user = servicemesh
default_pass = $(<"$1/broker_password")
default_vhost = servicemesh
default_user_tags.administrator = false
CONF
  [[ -s $1/administrator ]] || printf 'sm_%s' "$(random_password)" | publish_secret "$1/administrator"
  if [[ ! -s $1/gateway_signing_key ]]; then
    has openssl || die "missing: openssl, which makes the key that signs the tokens"
    openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 | publish_secret "$1/gateway_signing_key"
  fi
}

# Where the mesh of this checkout lives, and its data with it: containers, native, or nowhere yet.
way() { cat "$root/.run/way" 2>/dev/null || true; }

engine_answers() { has docker && [[ -n $(docker info --format '{{.ServerVersion}}' 2>/dev/null) ]]; }

compose() (
  cd "$root/deploy" || exit
  if docker compose version >/dev/null 2>&1; then docker compose "$@"; else docker-compose "$@"; fi
)

# Settings that live as long as the mesh stand in deploy/.env, which compose reads by itself.
setting() { sed -n "s/^$1=//p" "$root/deploy/.env" 2>/dev/null || true; }

remember() {
  local file=$root/deploy/.env
  touch "$file"
  sed -i "/^$1=/d" "$file"
  echo "$1=$2" >>"$file"
}

export_settings() {
  set -a
  # shellcheck source=/dev/null
  source "$root/deploy/.env"
  set +a
}

# answers PORT PATH: with 200. Speaks HTTP itself: a fresh machine has no curl. In a shell of its own, because a connection
# that is closed early ends it.
answers() (
  exec 2>/dev/null
  exec 3<>"/dev/tcp/127.0.0.1/$1"
  printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&3
  IFS= read -r -t 10 status <&3
  [[ $status == *' 200 '* ]]
)

# The gateway, and both services through it.
mesh_answers() {
  answers "$GATEWAY_PORT" /health/ready && answers "$GATEWAY_PORT" /openapi/internal.json &&
    answers "$GATEWAY_PORT" /openapi/external.json
}
