# Sourced by up and down: the three services as processes of this machine.
# shellcheck shell=bash
# shellcheck disable=SC2154 # common.sh, sourced first, gives root.

declare -A assemblies=(
  [internal-services]=InternalServices.Api.dll
  [external-services]=ExternalServices.Api.dll
  [gateway]=Gateway.dll
)
app=$root/.run/app
pids=$root/.run/pids
logs=$root/.run/logs
stop_seconds=40

# Only when something has changed since the last time.
publish_services() {
  local stamp=$app/stamp
  if [[ -e $stamp && -z $(find "$root/services" "$root/shared" "$root"/Directory.* "$root/global.json" "$root/deploy/Publish.proj" \
    -newer "$stamp" -not -path '*/bin/*' -not -path '*/obj/*' -type f -print -quit) ]]; then
    return
  fi
  say "publishing the services into $app"
  mkdir -p "$app"
  touch "$stamp.new"
  quietly dotnet build "$root/deploy/Publish.proj" --nologo --verbosity quiet -p:To="$app.new" || die "the services were not built"
  stop_services
  rm -rf "$app"
  mv "$app.new" "$app"
  touch "$app/stamp"
}

# configuration SERVICE: what compose.yaml says for the containers.
configuration() {
  local service=$1 database=${1//-/_} secrets=$root/.run/secrets
  # shellcheck source=/dev/null
  source "$root/.run/native/env"
  cat <<SETTINGS
ASPNETCORE_URLS=http://127.0.0.1:$(port_of_service "$service")
DOTNET_EnableDiagnostics=0
Database__Host=$POSTGRES_HOST
Database__Port=$POSTGRES_PORT
Database__Name=$database
Database__Username=${database}_app
Database__PasswordFile=$secrets/${database}_app_password
Database__OwnerUsername=${database}_owner
Database__OwnerPasswordFile=$secrets/${database}_owner_password
Broker__Host=$BROKER_HOST
Broker__Port=$BROKER_PORT
Broker__VirtualHost=servicemesh
Broker__Username=$BROKER_USER
Broker__PasswordFile=$secrets/broker_password
Auth__Authority=$ISSUER
Auth__MetadataAddress=http://127.0.0.1:$GATEWAY_PORT/.well-known/openid-configuration
Provider__Name=${PROVIDER_NAME:-IT services}
Provider__TimeZone=${PROVIDER_TIME_ZONE:-Europe/Madrid}
Provider__Currency=${PROVIDER_CURRENCY:-USD}
SETTINGS
  [[ $service == gateway ]] || return 0
  cat <<SETTINGS
Gateway__Issuer=$ISSUER
Gateway__SigningKeyFile=$secrets/gateway_signing_key
Gateway__BootstrapSecretFile=$secrets/administrator
Gateway__InternalServices__0=http://127.0.0.1:$(port_of_service internal-services)
Gateway__ExternalServices__0=http://127.0.0.1:$(port_of_service external-services)
SETTINGS
}

# The gateway's is the public one; the others' are found once and kept.
port_of_service() {
  local file=$root/.run/native/$1.port
  if [[ $1 == gateway ]]; then echo "$GATEWAY_PORT"; return; fi
  [[ -s $file ]] || free_port >"$file"
  cat "$file"
}

service_running() { running "$pids/$1" "$app/$1/${assemblies[$1]}"; }

start_services() {
  local service
  mkdir -p "$pids" "$logs"
  if service_running internal-services && service_running external-services && service_running gateway; then
    say "the services are running"
    return
  fi
  for service in internal-services external-services gateway; do migrate "$service"; done
  for service in internal-services external-services gateway; do start_service "$service"; done
  for service in internal-services external-services gateway; do await_service "$service"; done
}

migrate() {
  local settings
  mapfile -t settings < <(configuration "$1")
  say "migrating $1"
  env "${settings[@]}" dotnet "$app/$1/${assemblies[$1]}" migrate >"$logs/$1-migrate.log" 2>&1 ||
    { tail -n 20 "$logs/$1-migrate.log" >&2; die "$1 could not be migrated"; }
}

# In a session of its own, so that no terminal's Ctrl-C reaches it. A serving process knows no owner's password.
start_service() {
  local settings log=$logs/$1.log
  ! service_running "$1" || return 0
  mapfile -t settings < <(configuration "$1" | grep -vE '^(Database__Owner|Gateway__Bootstrap)')
  ! listening "$(port_of_service "$1")" || die "port $(port_of_service "$1") of $1 is taken by another program"
  [[ ! -e $log ]] || mv "$log" "$log.1"
  say "starting $1"
  env "${settings[@]}" setsid dotnet "$app/$1/${assemblies[$1]}" </dev/null >"$log" 2>&1 &
  echo $! >"$pids/$1"
}

await_service() {
  wait_for 60 ready_or_over "$1"
  service_running "$1" && answers "$(port_of_service "$1")" /health/ready ||
    { tail -n 20 "$logs/$1.log" >&2; die "$1 is not ready; its log: $logs/$1.log"; }
}

ready_or_over() { answers "$(port_of_service "$1")" /health/ready || ! service_running "$1"; }

# The gateway first, so that nobody is let in any more.
stop_services() {
  local service
  for service in gateway internal-services external-services; do stop_service "$service"; done
}

stop_service() {
  local pid
  if service_running "$1"; then
    pid=$(<"$pids/$1")
    say "stopping $1"
    kill "$pid"
    wait_for "$stop_seconds" gone "$pid" || kill -KILL "$pid"
  fi
  rm -f "$pids/$1"
}
