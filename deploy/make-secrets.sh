#!/bin/sh
# Makes the secrets that docker-compose.yml mounts, in deploy/secrets or the folder that is named. What is there stays as it
# is. The folder is closed to everybody else on this machine; the files are not, because Compose mounts each one as it is
# and the containers run as other users.
set -eu
folder="${1:-$(dirname "$0")/secrets}"
mkdir -p "$folder"
chmod 700 "$folder"

keep() {
  if [ ! -s "$folder/$1" ]; then
    printf '%s\n' "$2" >"$folder/$1"
    printf 'made %s\n' "$folder/$1"
  fi
  chmod 444 "$folder/$1"
}

for role in postgres owner service report; do
  keep "${role}_password" "$(openssl rand -hex 32)"
done
keep owner_database_url "postgres://clientele_owner:$(cat "$folder/owner_password")@postgres:5432/clientele"
keep service_database_url "postgres://clientele_service:$(cat "$folder/service_password")@postgres:5432/clientele"
keep master_key "$(openssl rand -base64 32)"
keep admin_token "$(openssl rand -hex 32)"
