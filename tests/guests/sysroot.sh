#!/usr/bin/env bash
# Assembles a riscv64 Debian sysroot from packages, with apt alone and without touching the machine's own
# package state: the programs of other people that Dbt must run.
#
#   tests/guests/sysroot.sh DIR [extra packages...]
#
# The newest Debian suite that carries riscv64 is taken from the mirror that this machine's apt already uses.
# A second run with the same packages does nothing; with others it downloads only what is missing.
#
#   DBT_SYSROOT_CACHE   where package lists and archives are kept (default: ~/.cache/dbt/sysroot)
#   DBT_SYSROOT_MIRROR  a Debian mirror to use instead of the machine's own
#   DBT_SYSROOT_SUITES  suites to probe, in order (default: stable testing sid)
set -euo pipefail

readonly architecture=riscv64
readonly loader=lib/ld-linux-riscv64-lp64d.so.1
# No maintainer script runs, so what only an alternative would link (lua, awk) is called by its full name.
readonly default_packages=(busybox-static coreutils python3 perl sqlite3 lua5.4 luajit openssl
    bash gawk sed grep gzip xz-utils)
# base-files carries /etc/os-release, libc-bin the C.UTF-8 locale that python3 asks for; the guests of this repository
# want the C++ and atomics libraries.
readonly support_packages=(base-files libc-bin libstdc++6 libatomic1)
readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg

fail() { echo "sysroot: $*" >&2; exit 1; }
say() { echo "sysroot: $*"; }

need_tools() {
    local tool
    for tool in apt-get dpkg-deb tar find; do
        command -v "$tool" >/dev/null || fail "$tool is missing: this script needs a Debian-like machine with apt and dpkg"
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

# Since the merge of /usr the top-level directories are links; packages unpacked by hand rely on them.
make_usr_links() {
    local name
    for name in bin sbin lib; do
        mkdir -p "$sysroot/usr/$name"
        [[ -e $sysroot/$name ]] || ln -s "usr/$name" "$sysroot/$name"
    done
    mkdir -p "$sysroot"/{tmp,etc,dev,proc}
}

# An absolute link leads out of the sysroot when an emulator resolves it on the host: make each one relative.
relativize_links() {
    local link target directory up
    while IFS= read -r -d '' link; do
        target=$(readlink "$link")
        directory=${link#"$sysroot"/}
        up=${directory//[^\/]/}
        ln -sfn "${up//\//..\/}${target#/}" "$link"
    done < <(find "$sysroot" -type l -lname '/*' -print0)
}

# Packages of another suite or selection must not be mixed in; nothing but an earlier sysroot is ever removed.
empty_sysroot() {
    if [[ -e $stamp ]]; then
        find "$sysroot" -mindepth 1 -delete
    elif [[ -n $(ls -A "$sysroot") ]]; then
        fail "$sysroot is neither empty nor a sysroot of this script"
    fi
    : >"$stamp"
}

unpack() {
    local archive count=0
    empty_sysroot
    make_usr_links
    for archive in "$@"; do
        count=$((count + 1))
        [[ -t 1 ]] && printf "\rsysroot: unpacking %d of %d" "$count" $#
        # Owners and device nodes need root; the contents do not. Links to /usr must survive a package's own /lib.
        dpkg-deb --fsys-tarfile "$cache/archives/$archive" |
            tar -x -C "$sysroot" --keep-directory-symlink --no-same-owner --no-same-permissions --exclude './dev/*'
    done
    [[ -t 1 ]] && echo
    relativize_links
}

main() {
    [[ $# -ge 1 && $1 != -* ]] || { sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2; }
    need_tools
    mkdir -p "$1"
    sysroot=$(cd "$1" && pwd)
    shift
    cache=${DBT_SYSROOT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dbt/sysroot}
    mkdir -p "$cache"
    cache=$(cd "$cache" && pwd)
    local packages=("${default_packages[@]}" "${support_packages[@]}" "$@")
    stamp=$sysroot/.dbt-sysroot
    local wanted="${packages[*]}" archives

    if [[ -e $stamp && $(head -n 1 "$stamp") == "$wanted" ]]; then
        say "up to date: $(sed -n 2p "$stamp")"
        return
    fi

    write_apt_options
    say "looking for the newest Debian suite with $architecture"
    choose_suite
    archives=$(closure "${packages[@]}")
    [[ -n $archives ]] || fail "apt resolved no packages for: $wanted"
    mapfile -t archives <<<"$archives"
    say "suite $suite, ${#archives[@]} packages: downloading"
    apt install --download-only -y "${packages[@]}" >"$cache/download.log" 2>&1 || {
        cat "$cache/download.log" >&2
        fail "download failed"
    }
    unpack "${archives[@]}"

    [[ -e $sysroot/$loader ]] || fail "the sysroot has no /$loader"
    local version summary
    version=$(cat "$sysroot/etc/debian_version")
    summary="Debian $version ($suite) $architecture, ${#archives[@]} packages, $(du -sh "$sysroot" | cut -f1)"
    printf '%s\n%s\n' "$wanted" "$summary" >"$stamp"
    say "done: $summary in $sysroot"
}

main "$@"
