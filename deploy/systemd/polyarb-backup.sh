#!/bin/sh
# One backup of the journal, while the silo runs or not, and no more than KEEP of them: `polyarb-backup.sh DATA BACKUPS`.
# They lie on the same machine: copy them to another one, a disk that dies takes both.
set -eu

data=${1:?usage: polyarb-backup.sh DATA BACKUPS}
backups=${2:?usage: polyarb-backup.sh DATA BACKUPS}
keep=${KEEP:-48}
client=${POLYARB_CLIENT:-/opt/polyarb/current/client/polyarb-client}

"$client" backup "$backups/polyarb-$(date -u +%Y%m%dT%H%M%SZ).db" --data "$data"

# Only after a good one: names sort by time, the oldest go.
count=$(find "$backups" -maxdepth 1 -name 'polyarb-*Z.db' | wc -l)
if [ "$count" -gt "$keep" ]; then
    find "$backups" -maxdepth 1 -name 'polyarb-*Z.db' | sort | head -n "$((count - keep))" | while IFS= read -r old; do rm -- "$old"; done
fi
