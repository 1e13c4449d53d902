#!/bin/sh
# Runs once, when the database container makes its data: the service's own role is no superuser.
set -eu
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
    --set=password="$(cat "${GUATU_PASSWORD_FILE:-/run/secrets/database_password}")" <<'SQL'
create role guatu login createdb createrole password :'password';
alter schema public owner to guatu;
select format('alter database %I owner to guatu', current_database()) \gexec
create extension if not exists postgis;
SQL
