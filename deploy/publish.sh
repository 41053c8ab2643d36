#!/usr/bin/env bash
# A release: DIR/silo (polyarb-silo, and the local exchange that --demo starts), DIR/client (polyarb-client), and the files an
# installation begins with. Needs the .NET SDK of global.json and a NuGet feed. Run it on the kind of processor it is for.
set -euo pipefail

if [ $# != 1 ] || [ "${1#-}" != "$1" ]; then
    echo "usage: deploy/publish.sh DIR" >&2
    exit 2
fi

target=$(realpath -m "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if [ -e "$target" ] && [ -n "$(ls -A "$target")" ]; then
    echo "publish: $target is not empty" >&2
    exit 1
fi

# Compiled beforehand, a start takes a second less (decision 37). The packages are locked for this kind of processor; others compile as they run.
compiled=()
[ "$(uname -m)" != x86_64 ] || compiled=(-r linux-x64 --self-contained false -p:PublishReadyToRun=true)

# The silo last: where both bring the same library, it is the silo's that stays.
dotnet publish simulator/simulator.csproj -c Release -o "$target/silo" "${compiled[@]}"
dotnet publish silo/silo.csproj -c Release -o "$target/silo" "${compiled[@]}"
dotnet publish client/client.csproj -c Release -o "$target/client" "${compiled[@]}"
cp config.yaml .env.example "$target/"
cp -R deploy docs "$target/"
# A trial of compose.yaml leaves key, passwords and configuration in deploy/, and all may read a release.
find "$target" \( -name '.env*' ! -name .env.example -o -name '*.secret' \) -delete
rm -f "$target/deploy/config.yaml"
echo "published to $target"
