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

readonly loader=lib/ld-linux-riscv64-lp64d.so.1
# No maintainer script runs, so what only an alternative would link (lua, awk) is called by its full name.
readonly default_packages=(busybox-static coreutils python3 perl sqlite3 lua5.4 luajit openssl
    bash gawk sed grep gzip xz-utils)
# base-files carries /etc/os-release, libc-bin the C.UTF-8 locale that python3 asks for; the guests of this repository
# want the C++ and atomics libraries.
readonly support_packages=(base-files libc-bin libstdc++6 libatomic1)

fail() { echo "sysroot: $*" >&2; exit 1; }
say() { echo "sysroot: $*"; }
# shellcheck source=riscv64-apt.sh
source "$(dirname "$0")/riscv64-apt.sh"

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
    need_tools apt-get dpkg-deb tar find
    mkdir -p "$1"
    sysroot=$(cd "$1" && pwd)
    shift
    local packages=("${default_packages[@]}" "${support_packages[@]}" "$@")
    stamp=$sysroot/.dbt-sysroot
    local wanted="${packages[*]}" archives=() suite

    if [[ -e $stamp && $(head -n 1 "$stamp") == "$wanted" ]]; then
        say "up to date: $(sed -n 2p "$stamp")"
        return
    fi

    open_suite
    download_packages "${packages[@]}"
    unpack "${archives[@]}"

    [[ -e $sysroot/$loader ]] || fail "the sysroot has no /$loader"
    local version summary
    version=$(cat "$sysroot/etc/debian_version")
    summary="Debian $version ($suite) $architecture, ${#archives[@]} packages, $(du -sh "$sysroot" | cut -f1)"
    printf '%s\n%s\n' "$wanted" "$summary" >"$stamp"
    say "done: $summary in $sysroot"
}

main "$@"
