#!/usr/bin/env bash
# Puts PolyArb on a server (Debian 12 or 13, as root): program, user, directories, configuration, systemd units. It starts nothing and
# switches nothing on; what a person does next stands at the end of its output. Configuration, secrets and data are kept.
# Where PolyArb is installed already an update takes two runs: the first puts the new release beside the one in use and changes nothing
# else, so that a crash at night starts what ran before; the second, `--release` with where the first has put it, changes over.
# docs/going-live.md says what comes after.
set -euo pipefail

usage() {
    cat <<'HELP'
usage: deploy/install.sh [--release DIR] [--root DIR]
  --release DIR  what deploy/publish.sh made, here or on another machine; without it this source is built (needs the .NET 10 SDK).
                 One that is installed, /opt/polyarb/releases/NAME: changes over to it, forth or back, while no silo runs
  --root DIR     install below DIR, for an image or a rehearsal: no user, no systemd, nothing outside DIR
HELP
}

complain() {
    echo "install: $1" >&2
    exit "${2:-1}"
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
release='' root='' built=''
while [ $# -gt 0 ]; do
    case $1 in
        --release | --root)
            [ $# -ge 2 ] || complain "$1 needs a directory" 2
            declare "${1#--}=$2"
            shift 2
            ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done

program=$root/opt/polyarb settings=$root/etc/polyarb data=$root/var/lib/polyarb backups=$root/var/lib/polyarb-backups
units=$root/etc/systemd/system commands=$root/usr/local/bin

check_machine() {
    [ -z "$root" ] || return 0
    [ "$(id -u)" = 0 ] || complain "must be root"
    local system
    # shellcheck source=/dev/null
    system=$(. /etc/os-release && echo "${ID:-} ${VERSION_ID:-}")
    case $system in
        'debian 12' | 'debian 13') ;;
        *) complain "this is $system; the script knows Debian 12 and 13 (--root DIR to unpack elsewhere)" ;;
    esac
    [ -d /run/systemd/system ] || complain "systemd does not run here"
}

# The web pages need ASP.NET Core; its package brings the plain runtime. Without curl nobody hears that a unit failed.
check_programs() {
    command -v curl >/dev/null || complain "curl is missing, which tells you when the silo has ended: apt-get install curl"
    if ! command -v dotnet >/dev/null || ! dotnet --list-runtimes | grep -q '^Microsoft\.AspNetCore\.App 10\.'; then
        complain "the ASP.NET Core 10 runtime is missing: package aspnetcore-runtime-10.0 of Microsoft's feed for Debian, see https://learn.microsoft.com/dotnet/core/install/linux-debian"
    fi
}

get_release() {
    if [ -z "$release" ]; then
        dotnet --list-sdks | grep -q '^10\.' || complain "to build it here the .NET 10 SDK is missing; or publish elsewhere and say --release DIR"
        built=$(mktemp -d)
        trap 'rm -rf "$built"' EXIT
        "$here/publish.sh" "$built"
        release=$built
    fi
    local needed
    for needed in silo/polyarb-silo client/polyarb-client config.yaml .env.example deploy/install.sh deploy/systemd; do
        [ -e "$release/$needed" ] || complain "$release is no release: it has no $needed (deploy/publish.sh makes one)"
    done
    needed=$(find "$release" -name '.env*' ! -name .env.example | head -n 1)
    [ -z "$needed" ] || complain "$needed may hold secrets, and everybody may read an installed release: remove it"
    release=$(realpath "$release")
}

is_installed() {
    case $release in "$(realpath -m "$program")"/releases/*) ;; *) return 1 ;; esac
}

make_user() {
    [ -z "$root" ] || return 0
    getent passwd polyarb >/dev/null || useradd --system --user-group --home-dir "$data" --no-create-home --shell /usr/sbin/nologin polyarb
}

# In a rehearsal there is no such user: everything stays ours.
give() {
    [ -n "$root" ] || chown "$1" "$2"
}

make_directory() {
    install -d -m "$2" "$1"
    give "$3" "$1"
}

make_directories() {
    install -d -m 0755 "$program/releases" "$units" "$commands"
    make_directory "$settings" 0750 root:polyarb
    make_directory "$data" 0700 polyarb:polyarb
    make_directory "$backups" 0700 polyarb:polyarb
    [ -L "$settings/data" ] || ln -s /var/lib/polyarb "$settings/data" # Where polyarb-client looks when nobody names a directory.
}

# Beside what is there: a silo that runs keeps its files.
put_release() {
    local stamp name again=1
    stamp=$(date -u +%Y%m%dT%H%M%SZ)
    name=$stamp
    while [ -e "$program/releases/$name" ]; do
        again=$((again + 1))
        name=$stamp-$again
    done
    cp -R "$release" "$program/releases/$name"
    chmod -R u=rwX,go=rX "$program/releases/$name"
    give root:root "$program/releases/$name"
    release=$program/releases/$name
}

# A silo that runs would come back from a crash as the other release.
check_stopped() {
    [ -z "$root" ] || return 0
    case $(systemctl is-active polyarb.service || true) in
        active | activating | reloading | deactivating) complain "a silo runs: polyarb-client stop (or systemctl stop polyarb), then again" ;;
    esac
}

# In one step.
turn_link() {
    ln -sfn "releases/$(basename "$release")" "$program/current.new"
    mv -T "$program/current.new" "$program/current"
}

# Five stay, the one in use among them: to go back to. Names sort by time.
remove_old_releases() {
    find "$program/releases" -mindepth 1 -maxdepth 1 -type d ! -name "$(basename "$release")" -printf '%f\n' | sort -r | tail -n +5 \
        | while IFS= read -r old; do rm -rf -- "${program:?}/releases/$old"; done
}

install_settings() {
    install -m 0640 "$release/config.yaml" "$settings/config.yaml.shipped"
    give root:polyarb "$settings/config.yaml.shipped"
    if [ ! -e "$settings/config.yaml" ]; then
        install -m 0640 "$release/config.yaml" "$settings/config.yaml"
        give root:polyarb "$settings/config.yaml"
    fi
    if [ ! -e "$settings/.env" ]; then
        # Never world-readable, not even for a moment. Who has no token cannot steer, also not from another account of this machine.
        # The token is the shell's own and nobody's argument: arguments stand in the process list.
        token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
        (umask 077 && while IFS= read -r line; do
            [ "$line" = CONTROL_TOKEN= ] && line="CONTROL_TOKEN=$token"
            printf '%s\n' "$line"
        done <"$release/.env.example" >"$settings/.env")
        give polyarb:polyarb "$settings/.env"
    fi
    [ -e "$settings/alert.env" ] || (umask 077 && cp "$release/deploy/systemd/alert.env" "$settings/alert.env")
    chmod 0600 "$settings/.env" "$settings/alert.env"
}

install_units() {
    install -m 0644 "$release"/deploy/systemd/*.service "$release"/deploy/systemd/*.timer "$units/"
    install -m 0755 "$release/deploy/systemd/polyarb-client" "$commands/polyarb-client"
    [ -n "$root" ] || systemctl daemon-reload
}

# As the service will start it: nothing of this shell's environment may be what finds the runtime.
check_start() {
    [ -z "$root" ] || return 0
    runuser -u polyarb -- env -i "$release/silo/polyarb-silo" --help >/dev/null \
        || complain "polyarb-silo does not start as user polyarb: is the runtime where all may read it, and named in /etc/dotnet/install_location?"
}

say_what_is_put() {
    cat <<NEXT
put $release beside the release in use; nothing was changed over.
When the silo may stop:
  polyarb-client stop --reason update && systemctl stop polyarb   # the second waits until the process has ended
  $release/deploy/install.sh --release $release
  systemctl start polyarb                                         # it starts PAUSED or SAFE
NEXT
}

say_what_is_next() {
    echo "installed $(readlink "$program/current"); nothing was started."
    cat <<'NEXT'
Next, docs/going-live.md step by step; after an update only the last two lines:
  edit /etc/polyarb/config.yaml, the secrets in /etc/polyarb/.env and the webhook in /etc/polyarb/alert.env
  polyarb-client doctor
  systemctl enable --now polyarb.service polyarb-backup.timer     # on paper and paused, as shipped
  polyarb-client status
NEXT
}

check_machine
check_programs
get_release
make_user
make_directories
if ! is_installed; then
    put_release
    if [ -e "$program/current" ]; then
        say_what_is_put
        exit
    fi
fi
check_stopped
check_start
install_settings
install_units
turn_link
remove_old_releases
say_what_is_next
