# Sourced by backup and restore: how they reach the mesh's databases and its broker, either way.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # common.sh, sourced first, gives root; who sources this reads databases.

databases=(internal_services external_services gateway)

require_databases() {
  case $(way) in
    native) "$root/deploy/native" status "$root/.run/native" || die "PostgreSQL is not running: deploy/up comes first" ;;
    containers) in_postgres true 2>/dev/null || die "PostgreSQL is not running: deploy/up comes first" ;;
    *) die "there is no mesh here yet: deploy/up makes one" ;;
  esac
  export_settings
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

in_broker() {
  if [[ $(way) == containers ]]; then
    compose exec -T rabbitmq "$@"
  else
    "$root/deploy/native" broker "$root/.run/native" "$@"
  fi
}

# Events that one service has sent and another has not applied yet; what is set aside for an operator stays where it is.
events_under_way() {
  local database counts=0
  for database in internal_services external_services; do
    counts+=+$(in_postgres psql --username postgres --dbname "$database" --no-align --tuples-only \
      --command "select count(*) from messaging.outbox where parked_at is null")
  done
  counts+=+$(in_broker rabbitmqctl --quiet --no-table-headers list_queues --vhost servicemesh name messages |
    awk '$1 !~ /(_error|_skipped|[.]dead-letter)$/ && $1 != "unconsumed" { sum += $2 } END { print sum + 0 }')
  echo $((counts))
}

# Twice in a row: between the look at the outboxes and the look at the queues an event may have moved.
nothing_under_way() { (($(events_under_way) == 0)) && (($(events_under_way) == 0)); }

close_gateway() {
  say "closing the gateway"
  if [[ $(way) == containers ]]; then compose stop gateway; else stop_service gateway; fi
}

open_gateway() {
  say "opening the gateway"
  if [[ $(way) == containers ]]; then compose start gateway; else start_service gateway; fi
}

stop_mesh_services() {
  if [[ $(way) == containers ]]; then compose stop gateway internal-services external-services; else stop_services; fi
}
