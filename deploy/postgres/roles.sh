#!/bin/sh
# Runs roles.sql once, when the postgres image makes the database. The passwords travel as settings of the session.
set -eu
secret() { cat "/run/secrets/$1_password"; }
PGOPTIONS="-c clientele.owner_password=$(secret owner) -c clientele.service_password=$(secret service) -c clientele.report_password=$(secret report)"
export PGOPTIONS
exec psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --file=/etc/clientele/roles.sql
