#!/bin/sh
# One backup of the journal, while the silo runs or not: `polyarb-backup.sh DATA BACKUPS`. Kept are the newest KEEP_NEWEST, and of older
# ones the last of each of KEEP_DAYS days. They lie on the same machine: copy them to another one, a disk that dies takes both.
set -eu

data=${1:?usage: polyarb-backup.sh DATA BACKUPS}
backups=${2:?usage: polyarb-backup.sh DATA BACKUPS}
client=${POLYARB_CLIENT:-/opt/polyarb/current/client/polyarb-client}

# Newest first: names sort by time.
list() {
    find "$backups" -maxdepth 1 -name 'polyarb-*Z.db' -printf '%f\n' | sort -r
}

# A full disk stops trading: rather no backup, and somebody is told. The last one says how large the next will be, and a little more.
last=$(list | head -n 1)
like=${last:+$backups/$last}
like=${like:-$data/polyarb.db}
size_kb=0
[ ! -e "$like" ] || size_kb=$(du -k -- "$like" | cut -f 1)
needed_kb=$((size_kb + size_kb / 5 + ${KEEP_FREE_MB:-1000} * 1000))
free_kb=$(df -Pk -- "$backups" | awk 'NR == 2 { print $4 }')
if [ "$free_kb" -lt "$needed_kb" ]; then
    echo "no backup: $backups has $((free_kb / 1000)) MB free, $((needed_kb / 1000)) MB are needed to leave ${KEEP_FREE_MB:-1000} MB: remove old ones, or make room" >&2
    exit 1
fi

"$client" backup "$backups/polyarb-$(date -u +%Y%m%dT%H%M%SZ).db" --data "$data"

# Only after a good one.
list | awk -v newest="${KEEP_NEWEST:-24}" -v days="${KEEP_DAYS:-7}" '
    NR <= newest { next }
    substr($0, 9, 8) != day && kept < days { day = substr($0, 9, 8); kept++; next }
    { print }' | while IFS= read -r old; do rm -- "$backups/$old"; done
