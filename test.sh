#!/usr/bin/env bash
# Format, build without a warning, every test. The last line is "N passed, M failed, K skipped"; the exit code is not 0
# when anything failed or nothing ran. Needs the .NET SDK of global.json; works from any directory and without a terminal.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
if [ -z "${HOME:-}" ]; then # The SDK and NuGet refuse to work without one.
    HOME=$(getent passwd "$(id -u)" | cut -d: -f6 || true)
    export HOME="${HOME:-${TMPDIR:-/tmp}/polyarb-home}"
    mkdir -p "$HOME"
fi

# What tests of real components need beyond the SDK, as Debian calls it. Nothing yet.
debian_packages=()

passed=0 failed=0 skipped=0
output=$(mktemp)
trap 'rm -f "$output"; echo "$passed passed, $failed failed, $skipped skipped"' EXIT

install_debian_packages() {
    [ ${#debian_packages[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] || return 0

    local package missing=()
    for package in "${debian_packages[@]}"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# How often the runner counted so: the last summary, should a test have printed another.
counted() {
    sed -nE "s/^ *$1: ([0-9]+)[[:space:]]*$/\1/p" "$output" | tail -n 1
}

install_debian_packages
dotnet restore
dotnet format --verify-no-changes --no-restore
dotnet build -c Release --no-restore

outcome=0
dotnet test -c Release --no-build --no-ansi --no-progress 2>&1 | tee "$output" || outcome=$?

passed=$(counted succeeded) failed=$(counted failed) skipped=$(counted skipped)
passed=${passed:-0} failed=${failed:-0} skipped=${skipped:-0}
if [ "$outcome" = 0 ] && [ "$failed" -gt 0 ]; then outcome=1; fi
if [ $((passed + failed)) = 0 ]; then
    echo "no test ran" >&2
    outcome=1
fi
exit "$outcome"
