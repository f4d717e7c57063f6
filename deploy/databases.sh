# Sourced by backup and restore: how a client of PostgreSQL reaches the mesh's databases, either way.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # common.sh, sourced first, gives root; who sources this reads databases.

databases=(internal_services external_services gateway)

require_databases() {
  case $(way) in
    native) "$root/deploy/native" status "$root/.run/native" || die "PostgreSQL is not running: deploy/up comes first" ;;
    containers) in_postgres true 2>/dev/null || die "PostgreSQL is not running: deploy/up comes first" ;;
    *) die "there is no mesh here yet: deploy/up makes one" ;;
  esac
}

# in_postgres COMMAND…: with the tools of the server's own version.
in_postgres() {
  if [[ $(way) == containers ]]; then
    compose exec -T postgres "$@"
  else
    native_postgres "$@"
  fi
}

# With their owners, and closed to everybody else's roles.
make_databases() {
  if [[ $(way) == containers ]]; then
    compose run --rm databases
  else
    native_postgres "$root/deploy/postgres/init" "$root/.run/secrets"
  fi
}

native_postgres() (
  # shellcheck source=/dev/null
  source "$root/.run/native/env"
  export PATH=$POSTGRES_BIN:$PATH PGHOST=$POSTGRES_HOST PGPORT=$POSTGRES_PORT PGUSER=$POSTGRES_USER PGPASSWORD=$POSTGRES_PASSWORD
  "$@"
)
