#!/usr/bin/env bash
# Makes a disk image with a Debian riscv64 root file system and systemd, from packages as they are: no maintainer script runs, so
# what those would make and a login needs is written here.
#
#   tests/guests/root-disk.sh FILE [packages...]
#   dbt boot --kernel DIR/Image --initrd DIR/initrd.gz --append 'console=ttyS0 root=/dev/vda' --disk FILE
#
# kernel.sh makes DIR; its init loads the drivers and goes over to the disk. User root, no password. The variables of sysroot.sh choose
# mirror, suites and cache.
set -euo pipefail

readonly packages=(systemd-sysv udev dbus login passwd base-files base-passwd bash coreutils util-linux mount grep sed findutils gzip
    procps hostname iproute2 libc-bin libpam-modules libpam-runtime)
readonly size=512M

fail() { echo "root-disk: $*" >&2; exit 1; }
say() { echo "root-disk: $*"; }
# shellcheck source=riscv64-apt.sh
source "$(dirname "$0")/riscv64-apt.sh"

unpack() {
    local archive name
    for name in bin sbin lib; do
        mkdir -p "$root/usr/$name"
        ln -s "usr/$name" "$root/$name"
    done
    for archive in "${archives[@]}"; do
        dpkg-deb --fsys-tarfile "$cache/archives/$archive" | tar -x -C "$root" --keep-directory-symlink --no-same-owner --exclude './dev/*'
    done
}

# What the scripts of base-passwd, base-files, libpam-runtime, dbus, systemd and libc-bin make.
configure() {
    local kind
    mkdir -p "$root"/{dev,proc,sys,run,tmp,root,mnt,etc/pam.d}
    chmod 1777 "$root/tmp"
    cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
    cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
    sed -i 's/^root:[^:]*:/root::/' "$root/etc/passwd"
    cat >>"$root/etc/passwd" <<'END'
messagebus:x:100:101::/nonexistent:/usr/sbin/nologin
systemd-network:x:998:998::/:/usr/sbin/nologin
systemd-timesync:x:997:997::/:/usr/sbin/nologin
END
    printf 'messagebus:x:101:\nsystemd-journal:x:999:\nsystemd-network:x:998:\nsystemd-timesync:x:997:\nrender:x:996:\nsgx:x:995:\nkvm:x:994:\ninput:x:993:\nclock:x:992:\n' >>"$root/etc/group"
    echo dbt >"$root/etc/hostname"
    echo '/dev/vda / ext4 defaults 0 1' >"$root/etc/fstab"
    : >"$root/etc/machine-id"
    for kind in account auth password session; do
        echo "$kind required pam_permit.so" >"$root/etc/pam.d/common-$kind"
        cp "$root/etc/pam.d/common-$kind" "$root/etc/pam.d/common-$kind-noninteractive"
    done
    # awk, editors and the like are alternatives, which scripts make; nobody here calls them.
    [[ -e $root/sbin/init ]] || fail "there is no /sbin/init among the packages"
}

main() {
    [[ $# -ge 1 && $1 != -* ]] || { sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2; }
    need_tools apt-get dpkg-deb tar
    [[ -x /usr/sbin/mke2fs ]] || fail "mke2fs is missing: apt-get install e2fsprogs"
    local image=$1 suite cache archives=() root
    if [[ $image -nt $0 && $# == 1 ]]; then
        say "up to date: $image"
        return
    fi
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    root=$work/root
    mkdir "$root"
    open_suite
    download_packages "${packages[@]}" "${@:2}"
    say "unpacking"
    unpack
    configure
    mkdir -p "$(dirname "$image")"
    /usr/sbin/mke2fs -q -t ext4 -E root_owner=0:0 -L root -d "$root" "$image.new" "$size"
    mv "$image.new" "$image"
    say "done: Debian $(cat "$root/etc/debian_version") ($suite), ${#archives[@]} packages in $image"
}

main "$@"
