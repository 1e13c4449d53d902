#!/bin/sh
# Make the secret files of docker-compose.yml, once: random, in a folder that only you may enter.
# The files themselves are readable, because an engine shows them to its containers with the rights they have here.
set -eu
cd "$(dirname "$0")/.."
umask 077
mkdir -p secrets
chmod 700 secrets

random() {
    head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n'
}

keep() {
    [ -s "secrets/$1" ] || printf '%s' "$2" >"secrets/$1"
    chmod 444 "secrets/$1"
}

keep superuser_password "$(random)"
keep database_password "$(random)"
keep database_url "postgresql+psycopg://guatu:$(cat secrets/database_password)@database:5432/guatu"
