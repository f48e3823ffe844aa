# Debian's riscv64 packages for scripts of this folder, which source this file: with apt alone, and without touching the machine's own
# package state. The newest Debian suite that carries riscv64 is taken from the mirror that this machine's apt already uses.
#
#   DBT_SYSROOT_CACHE   where package lists and archives are kept (default: ~/.cache/dbt/sysroot)
#   DBT_SYSROOT_MIRROR  a Debian mirror to use instead of the machine's own
#   DBT_SYSROOT_SUITES  suites to probe, in order (default: stable testing sid)
#
# The script that sources it defines `fail MESSAGE` and `say MESSAGE`.

readonly architecture=riscv64
readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg

need_tools() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || fail "$tool is missing: this script needs a Debian-like machine with $*"
    done
}

# apt reads deb822 and one-line sources alike: ask it, it answers without having fetched a list, instead of
# parsing its files. Prints the address of each repository of the machine.
machine_mirrors() {
    if [[ -n ${DBT_SYSROOT_MIRROR:-} ]]; then
        echo "$DBT_SYSROOT_MIRROR"
    else
        apt-get update --print-uris | sed -n "s|^'\(.*\)/dists/.*|\1|p" | sort -u
    fi
}

# Everything apt may read or write, moved below the cache. The machine's apt.conf.d stays in force: proxies live there.
write_apt_options() {
    mkdir -p "$cache"/{state/lists/partial,archives/partial,etc/empty}
    [[ -e $cache/state/status ]] || : >"$cache/state/status"
    apt_options=(
        -o "APT::Architecture=$architecture" -o "APT::Architectures=" -o "APT::Architectures::=$architecture"
        -o "Dir::State=$cache/state" -o "Dir::State::lists=$cache/state/lists"
        -o "Dir::State::status=$cache/state/status" -o "Dir::State::extended_states=$cache/state/extended_states"
        -o "Dir::Cache=$cache" -o "Dir::Cache::archives=$cache/archives"
        -o "Dir::Cache::pkgcache=" -o "Dir::Cache::srcpkgcache="
        -o "Dir::Etc::sourcelist=$cache/etc/sources.list" -o "Dir::Etc::sourceparts=$cache/etc/empty"
        -o "Dir::Etc::preferences=$cache/etc/none" -o "Dir::Etc::preferencesparts=$cache/etc/empty"
        -o "APT::Get::List-Cleanup=true" -o "APT::Install-Recommends=false" -o "APT::Install-Suggests=false"
        -o "APT::Sandbox::User=root" -o "Acquire::Languages=none" -o "Acquire::Retries=3"
        -o "Dpkg::Use-Pty=0" -o "Debug::NoLocking=true"
    )
}

apt() { DEBIAN_FRONTEND=noninteractive apt-get "${apt_options[@]}" -qq "$@"; }

# Points apt at the first suite that has the architecture and verifies; sets `suite`.
choose_suite() {
    local suites uri log=$cache/update.log
    read -ra suites <<<"${DBT_SYSROOT_SUITES:-stable testing sid}"
    : >"$log"
    [[ -r $keyring ]] || fail "no Debian keyring at $keyring: apt-get install debian-archive-keyring"
    for suite in "${suites[@]}"; do
        while read -r uri; do
            # An Ubuntu or vendor repository has no such suite, or no riscv64 in it: the update then fails.
            echo "deb [arch=$architecture signed-by=$keyring] $uri $suite main" >"$cache/etc/sources.list"
            echo "--- $suite" >>"$log"
            if apt update -o APT::Update::Error-Mode=any >>"$log" 2>&1 &&
                [[ -n $(closure busybox-static 2>>"$log") ]]; then
                return
            fi
        done < <(machine_mirrors)
    done
    cat "$log" >&2
    if grep -q -E 'NO_PUBKEY|not signed' "$log"; then
        fail "the keyring is too old for these suites: apt-get install --only-upgrade debian-archive-keyring"
    fi
    fail "none of the suites (${suites[*]}) of this machine's mirrors carries $architecture; set DBT_SYSROOT_MIRROR"
}

# Prints the archive names of the packages and all that they depend on. apt leaves out what it has in its archives, so
# it is shown empty ones.
closure() {
    apt install --print-uris -y -o "Dir::Cache::archives=$cache/etc/empty" "$@" | sed -n "s/^'[^']*' \([^ ]*\.deb\) .*/\1/p"
}

# Looks for a suite; sets `cache` and `suite`.
open_suite() {
    cache=${DBT_SYSROOT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dbt/sysroot}
    mkdir -p "$cache"
    cache=$(cd "$cache" && pwd)
    write_apt_options
    say "looking for the newest Debian suite with $architecture"
    choose_suite
}

# Has the archives of the packages, and of all that they depend on, in "$cache/archives"; sets `archives`, their names.
download_packages() {
    mapfile -t archives < <(closure "$@")
    [[ ${#archives[@]} -gt 0 ]] || fail "apt resolved no packages for: $*"
    say "suite $suite, ${#archives[@]} packages: downloading"
    download install --download-only -y "$@"
}

# Has the archives of the packages alone in "$cache/archives"; sets `archives`.
download_alone() {
    mapfile -t archives < <(apt download --print-uris "$@" | sed -n "s/^'[^']*' \([^ ]*\.deb\) .*/\1/p")
    [[ ${#archives[@]} -eq $# ]] || fail "apt does not know all of: $*"
    say "suite $suite: downloading ${archives[*]}"
    (cd "$cache/archives" && download download "$@")
}

download() {
    apt "$@" >"$cache/download.log" 2>&1 || {
        cat "$cache/download.log" >&2
        fail "download failed"
    }
}
