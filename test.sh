#!/usr/bin/env bash
# Format, build without a warning, every test, then the official TypeScript client against the exchange. The last line is
# "N passed, M failed, K skipped"; the exit code is not 0 when anything failed or one of the two ran nothing. Needs the .NET SDK of
# global.json; installs the rest on Debian when it is root. Works from any directory and without a terminal.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
# The SDK, NuGet and npm refuse to work without a home they can write to.
[ -w "${HOME:-}" ] || HOME=$(getent passwd "$(id -u)" | cut -d: -f6 || true)
[ -w "${HOME:-}" ] || HOME="${TMPDIR:-/tmp}/polyarb-home-$(id -u)"
export HOME
mkdir -p "$HOME"

# What tests of real components need beyond the SDK: a command or a library, and the Debian package that brings it.
needed=(node:nodejs npm:npm libsecp256k1.so:libsecp256k1-1 chromium:chromium tmux:tmux promtool:prometheus)
needed+=(zsh:zsh fish:fish systemd-analyze:systemd shellcheck:shellcheck curl:curl initdb:postgresql)

passed=0 failed=0 skipped=0 outcome=0
output=$(mktemp)
trap 'rm -f "$output"; echo "$passed passed, $failed failed, $skipped skipped"' EXIT

# A library whatever its number, as the loader sees it; PostgreSQL's programs where Debian keeps them; anything else is a command.
is_there() {
    case $1 in
        initdb) compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ;;
        lib*.so) PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep -F "$1" >/dev/null ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

install_debian_packages() {
    local need missing=()
    for need in "${needed[@]}"; do
        is_there "${need%%:*}" || missing+=("${need#*:}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    if [ "$(id -u)" != 0 ] || [ ! -e /etc/debian_version ]; then
        echo "the tests need ${missing[*]}; on Debian, as root: apt-get install ${missing[*]}" >&2
        return 1
    fi

    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# The client's packages as locked, and where the machine's Node is older than they take (Debian 12), a locked Node for this run.
install_client() {
    npm ci --prefix tests/accessibility # What the dashboard is checked with.
    npm ci --prefix tests/conformance
    if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 10) ? 0 : 1)'; then
        npm ci --prefix tests/conformance/runtime
        PATH="$(echo "$PWD"/tests/conformance/runtime/node_modules/node-*/bin):$PATH" # Older npm links no command into .bin.
    fi
}

# Adds up what a runner counted in its summary, and fails when it counted nothing. The last summary counts, should a test print another.
count() {
    local ran=0 name number
    for name in "$@"; do
        number=$(sed -nE "s/^[ #]*${name#*=}:? ([0-9]+)[[:space:]]*$/\1/p" "$output" | tail -n 1)
        declare -g "${name%%=*}=$((${name%%=*} + ${number:-0}))"
        ran=$((ran + ${number:-0}))
    done
    [ "$ran" -gt 0 ] || { echo "no test ran" >&2; outcome=1; }
}

install_debian_packages
install_client
dotnet restore
dotnet format --verify-no-changes --no-restore
dotnet build -c Release --no-restore

dotnet test -c Release --no-build --no-ansi --no-progress 2>&1 | tee "$output" || outcome=1
count passed=succeeded failed=failed skipped=skipped

(cd tests/conformance && node --test --test-concurrency=1 \
    --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$output" ./*.test.mjs) || outcome=1
count passed=pass failed=fail failed=cancelled skipped=skipped skipped=todo

[ "$failed" = 0 ] || outcome=1
exit "$outcome"
