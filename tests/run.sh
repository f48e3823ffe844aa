#!/usr/bin/env bash
# Runs all tests, from a fresh checkout on: installs what they need, builds the guests and the sysroot, builds, tests.
#
#   tests/run.sh [--quick] [NAME...]
#
# --quick   installs nothing and assembles no sysroot: what needs them and does not find them is skipped
# NAME      only the test projects with this in their name, e.g. Runtime
#
# The last line is the sum over all projects: `N passed, N failed`, and how many were skipped when there were any.
# DBT_TEST_CONFIGURATION (default: Release) is the configuration that is built and tested.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly configuration=${DBT_TEST_CONFIGURATION:-Release}
readonly results=artifacts/test-results
# What a command comes from. The cross compilers build the guests, gcc links dbt as native code, binutils and qemu are what
# results are compared with, chromium shows the pages of dbt explain, cpio and e2fsprogs make disks for machines.
declare -Ar package_of=(
    [riscv64-linux-gnu-gcc]=gcc-riscv64-linux-gnu
    [riscv64-linux-gnu-g++]=g++-riscv64-linux-gnu
    [riscv64-linux-gnu-objdump]=binutils-riscv64-linux-gnu
    [qemu-riscv64]=qemu-user
    [qemu-system-riscv64]=qemu-system-misc
    [gcc]=build-essential
    [chromium]=chromium
    [cpio]=cpio
    [mke2fs]=e2fsprogs
)

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Build servers would outlive this script and keep its files busy.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false

say() { printf '\n== %s\n' "$*"; }
fail() { echo "tests/run.sh: $*" >&2; exit 1; }

as_root() {
    if [[ $(id -u) == 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "cannot install packages: not root and no sudo; run as root: apt-get install ${package_of[*]}"
    fi
}

install_packages() {
    local tool missing=()
    for tool in "${!package_of[@]}"; do
        command -v "$tool" >/dev/null || missing+=("${package_of[$tool]}")
    done
    [[ ${#missing[@]} -gt 0 ]] || return 0
    say "installing ${missing[*]}"
    command -v apt-get >/dev/null || fail "missing, and this is no Debian to install them on: ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq </dev/null ||
        echo "tests/run.sh: apt-get update failed, trying with the package lists at hand" >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null ||
        fail "apt-get could not install ${missing[*]}: is this machine offline? --quick tests without them"
}

# The flavour of dbt without a JIT compiler. Its tests are skipped where a package for it cannot be restored, or nothing can link it.
publish_native() {
    local status=0
    say "publishing native code"
    runtime/publish-native.sh artifacts/native/dbt || status=$?
    case $status in
    0) export DBT_TEST_NATIVE=$PWD/artifacts/native/dbt/dbt ;;
    3) echo "tests/run.sh: no native dbt here: its tests are skipped" >&2 ;;
    *) fail "runtime/publish-native.sh: exit code $status" ;;
    esac
}

test_projects() {
    local project name
    for project in tests/Dbt.*.Tests/*.csproj; do
        name=$(basename "$project" .csproj)
        [[ $# == 0 ]] && echo "$project"
        for filter in "$@"; do
            [[ $name != *"$filter"* ]] || { echo "$project"; break; }
        done
    done
}

# Reads one attribute of the counters in a result file; the format is fixed by its XML schema.
counter() { sed -n "s/.*<Counters[^>]*[[:space:]]$1=\"\([0-9]*\)\".*/\1/p" "$2" | head -n 1; }

passed=0 failed=0 skipped=0 broken=()

# run_project PROJECT [SUFFIX ARGUMENT...]: tests it; the suffix tells a second run of a project from its first.
run_project() {
    local name result status=0 total executed good
    name=$(basename "$1" .csproj)${2:+-$2}
    result=$results/$name.trx
    say "$name"
    dotnet test "$1" "${@:3}" -c "$configuration" --no-build --nologo --blame-hang --blame-hang-timeout 10m --blame-hang-dump-type none \
        --results-directory "$results" --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" </dev/null || status=$?
    total=$([[ -e $result ]] && counter total "$result" || true)
    if [[ -z $total ]]; then
        echo "$name: the test run left no result (exit code $status)" >&2
        broken+=("$name")
        return
    fi
    executed=$(counter executed "$result")
    good=$(counter passed "$result")
    passed=$((passed + good))
    failed=$((failed + executed - good))
    skipped=$((skipped + total - executed))
    # A crash after the last test, or no test at all, must not look like success.
    if [[ $total == 0 || $status != 0 && $executed == "$good" ]]; then
        echo "$name: $total tests, exit code $status" >&2
        broken+=("$name")
    fi
}

main() {
    local quick='' projects
    if [[ ${1:-} == --quick ]]; then
        quick=1
        shift
    fi
    [[ ${1:-} != -* ]] || { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p}' "$0"; exit 2; }
    command -v dotnet >/dev/null || fail "dotnet is missing: install the .NET SDK, version 10 or newer"
    mapfile -t projects < <(test_projects "$@")
    [[ ${#projects[@]} -gt 0 ]] || fail "no test project matches: $*"

    if [[ -z $quick ]]; then
        install_packages
        say "building the guests"
        tests/guests/build.sh </dev/null
        say "assembling the sysroot"
        tests/guests/sysroot.sh artifacts/sysroot </dev/null ||
            fail "no sysroot: is this machine offline? --quick tests without it"
        say "assembling a kernel for machines"
        tests/guests/kernel.sh artifacts/kernel </dev/null ||
            fail "no kernel: is this machine offline? --quick tests without it"
        tests/guests/root-disk.sh artifacts/kernel/root.img </dev/null ||
            fail "no root file system: is this machine offline? --quick tests without it"
    fi
    say "building"
    dotnet build Dbt.sln -c "$configuration" --nologo -v quiet </dev/null
    [[ -n $quick || " ${projects[*]}" != */Dbt.Cli.Tests.csproj* ]] || publish_native
    rm -rf "$results"
    for project in "${projects[@]}"; do
        run_project "$project"
        # Floating point takes other ways on hosts that have no fused multiply-add and no wide vectors.
        [[ $project != */Dbt.Isa.Tests.csproj ]] ||
            DOTNET_EnableAVX2=0 run_project "$project" without-avx2 --filter FullyQualifiedName~FloatingPoint
    done

    say "all"
    # A project that broke counts as one failed test.
    failed=$((failed + ${#broken[@]}))
    [[ ${#broken[@]} == 0 ]] || echo "broken: ${broken[*]}"
    echo "$passed passed, $failed failed$([[ $skipped == 0 ]] || echo ", $skipped skipped")"
    [[ $failed == 0 ]]
}

main "$@"
