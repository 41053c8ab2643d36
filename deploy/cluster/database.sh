#!/bin/sh
# Makes what the silos use, once, by the database's superuser: a database of its own and a role that owns it and can do nothing else. The
# silos make their tables themselves. The password is read from a file, so it stands on no command line.
set -eu

password=$(cat "${POLYARB_PASSWORD_FILE:-/run/secrets/polyarb}")
export password
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname="${POSTGRES_DB:-postgres}" <<'SQL'
\set password `printenv password`
CREATE ROLE polyarb LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'password';
CREATE DATABASE polyarb OWNER polyarb;
REVOKE ALL ON DATABASE polyarb FROM PUBLIC;
SQL
