#!/bin/sh
# Tells a person that a unit failed: `polyarb-alert.sh UNIT`. ALERT_WEBHOOK_URL says whom; empty: one line on stderr, for the journal.
# Exits 1 when nobody could be told. Needs curl.
set -eu

unit=${1:?usage: polyarb-alert.sh UNIT}
# systemd 251 and newer hand over what happened; else it is asked, which comes too late when the unit is up again.
result=${MONITOR_SERVICE_RESULT:-$(systemctl show --value -p Result "$unit" 2>/dev/null || echo unknown)}
status=${MONITOR_EXIT_STATUS:-$(systemctl show --value -p ExecMainStatus "$unit" 2>/dev/null || echo unknown)}
text="$unit on $(uname -n) failed: $result, exit status $status. journalctl -u $unit says why; /opt/polyarb/current/docs/runbook.md says what to do."

if [ -z "${ALERT_WEBHOOK_URL:-}" ]; then
    echo "nobody was told, ALERT_WEBHOOK_URL is empty: $text" >&2
    exit 1
fi
if ! command -v curl >/dev/null; then
    echo "nobody was told, curl is not installed: $text" >&2
    exit 1
fi

# Unit and host names hold neither quotes nor backslashes, but nothing that is not plain gets into the JSON.
plain=$(printf '%s' "$text" | tr -cd 'A-Za-z0-9 .,:;_/@()=-')
# The address is a secret: not on a command line, which every account of the machine can read.
printf 'url = "%s"\n' "$ALERT_WEBHOOK_URL" \
    | curl --silent --show-error --fail --max-time 10 --retry 5 --retry-all-errors --retry-max-time 120 --config - \
        -H 'Content-Type: application/json' --data-binary "{\"text\":\"$plain\",\"content\":\"$plain\"}" --output /dev/null
