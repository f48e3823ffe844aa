#!/usr/bin/env bash
# Publishes dbt as native code (NativeAOT): one file that starts in a few milliseconds and needs no .NET where it runs.
# It has every engine but those that emit IL.
#
#   runtime/publish-native.sh DIR
#
# Needs the .NET SDK, gcc or clang to link with, and packages from the SDK's feed. Not every feed carries all that .NET 10
# needs for this (Microsoft.NETCore.App.Runtime.NativeAOT.linux-x64); then .NET 9 is taken, whose compiler package is complete.
# Exit code 3 when linker or packages cannot be had.
set -euo pipefail

[[ $# == 1 && $1 != -* ]] || { sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
readonly log=artifacts/native/restore.log

# dotnet_native COMMAND FRAMEWORK ARGUMENT...: builds apart from the build that has a JIT compiler.
dotnet_native() {
    dotnet "$1" runtime/Dbt.Cli -p:PublishAot=true -p:DbtFramework="$2" -p:CheckEolTargetFramework=false --artifacts-path "$PWD/artifacts/native" -v quiet --nologo "${@:3}" </dev/null
}

command -v clang >/dev/null || command -v gcc >/dev/null || { echo "publish-native: no linker: apt-get install build-essential" >&2; exit 3; }
mkdir -p "${log%/*}"
for framework in net10.0 net9.0; do
    if dotnet_native restore $framework >"$log" 2>&1; then
        dotnet_native publish $framework -c Release -o "$out"
        echo "publish-native: $out/dbt, for $framework"
        exit
    fi
    echo "publish-native: $framework: $(grep -o -m 1 'error .*' "$log" || tail -n 1 "$log")" >&2
done
exit 3
