#!/usr/bin/env bash
# Puts PolyArb on a server (Debian 12 or 13, as root): program, user, directories, configuration, systemd units. It starts nothing and
# switches nothing on; what a person does next stands at the end of its output. Run again it installs the new release beside the old
# one and keeps configuration, secrets and data. docs/going-live.md says what comes after.
set -euo pipefail

usage() {
    cat <<'HELP'
usage: deploy/install.sh [--release DIR] [--root DIR]
  --release DIR  what deploy/publish.sh made, here or on another machine; without it this source is built (needs the .NET 10 SDK)
  --root DIR     install below DIR, for an image or a rehearsal: no user, no systemd, nothing outside DIR
HELP
}

complain() {
    echo "install: $1" >&2
    exit "${2:-1}"
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
release='' root=''
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

# The web pages need ASP.NET Core; its package brings the plain runtime.
check_runtime() {
    if ! command -v dotnet >/dev/null || ! dotnet --list-runtimes | grep -q '^Microsoft\.AspNetCore\.App 10\.'; then
        complain "the ASP.NET Core 10 runtime is missing: package aspnetcore-runtime-10.0 of Microsoft's feed for Debian, see https://learn.microsoft.com/dotnet/core/install/linux-debian"
    fi
}

get_release() {
    if [ -z "$release" ]; then
        dotnet --list-sdks | grep -q '^10\.' || complain "to build it here the .NET 10 SDK is missing; or publish elsewhere and say --release DIR"
        release=$(mktemp -d)
        trap 'rm -rf "$release"' EXIT
        "$here/publish.sh" "$release"
    fi
    local needed
    for needed in silo/polyarb-silo client/polyarb-client config.yaml .env.example deploy/systemd; do
        [ -e "$release/$needed" ] || complain "$release is no release: it has no $needed (deploy/publish.sh makes one)"
    done
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

# Beside what is there, then the link turns in one step: a silo that runs keeps its files.
install_release() {
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
    ln -sfn "releases/$name" "$program/current.new"
    mv -T "$program/current.new" "$program/current"
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
        (umask 077 && sed "s/^CONTROL_TOKEN=\$/CONTROL_TOKEN=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')/" "$release/.env.example" >"$settings/.env")
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
    env -i runuser -u polyarb -- "$program/current/silo/polyarb-silo" --help >/dev/null \
        || complain "polyarb-silo does not start as user polyarb: is the runtime where all may read it, and named in /etc/dotnet/install_location?"
}

say_what_is_next() {
    echo "installed $(readlink "$program/current"); nothing was started."
    if [ -z "$root" ] && systemctl is-active --quiet polyarb.service; then
        echo "A silo of the release before runs on. When it may stop: polyarb-client stop, then systemctl start polyarb. It starts PAUSED or SAFE."
        return
    fi
    cat <<'NEXT'
Next, docs/going-live.md step by step:
  edit /etc/polyarb/config.yaml and /etc/polyarb/.env, and the webhook in /etc/polyarb/alert.env
  polyarb-client doctor
  systemctl enable --now polyarb.service polyarb-backup.timer     # on paper and paused, as shipped
  polyarb-client status
NEXT
}

check_machine
check_runtime
get_release
make_user
make_directories
install_release
install_settings
install_units
check_start
say_what_is_next
