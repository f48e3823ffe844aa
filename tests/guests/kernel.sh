#!/usr/bin/env bash
# Assembles what boots on a machine: Debian's riscv64 kernel as it is, its OpenSBI, and an initial RAM disk with busybox, the kernel's
# modules for virtio devices and file systems, and the programs of machine/ (their init says what it does at boot).
#
#   tests/guests/kernel.sh DIR
#   dbt boot --kernel DIR/Image --initrd DIR/initrd.gz --append 'console=ttyS0 quiet' [--bios DIR/fw_dynamic.bin]
#
# It installs nothing: packages are downloaded by apt and unpacked. A second run downloads only what is missing. The variables
# of sysroot.sh choose mirror, suites and cache.
set -euo pipefail

source_root=$(cd "$(dirname "$0")" && pwd)
readonly source_root
# What the initial RAM disk can use beyond what is built in (serial port, PCI, virtio-pci, RTC); they name what they need themselves.
readonly modules=(virtio_mmio virtio_blk virtio_net virtio-rng crc32c_generic ext4 9pnet_virtio 9p)

fail() { echo "kernel: $*" >&2; exit 1; }
say() { echo "kernel: $*"; }
# shellcheck source=riscv64-apt.sh
source "$source_root/riscv64-apt.sh"

# The newest kernel's package has its version in its name; the one without only depends on it.
kernel_package() {
    apt-cache "${apt_options[@]}" depends linux-image-riscv64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1
}

# unpack PACKAGE DIR ARGUMENT...
unpack() { dpkg-deb --fsys-tarfile "$cache"/archives/"$(printf '%s\n' "${archives[@]}" | grep "^$1_")" | tar -x -C "$2" --no-same-owner "${@:3}"; }

# module_file NAME: dashes and underscores are the same
module_file() { find "$work/kernel/usr/lib/modules" -name "${1//[-_]/[-_]}.ko*" | head -n 1; }

# Copies a module behind those that it needs; files are numbered in the order in which they must be loaded.
add_module() {
    local name=$1 file target needed
    [[ -z ${added[${name//-/_}]:-} ]] || return 0
    added[${name//-/_}]=1
    file=$(module_file "$name")
    [[ -n $file ]] || fail "this kernel has no module $name"
    target=$work/$name.ko
    case $file in
    *.xz) xz -dc "$file" >"$target" ;;
    *) cp "$file" "$target" ;;
    esac
    for needed in $(tr '\0' '\n' <"$target" | sed -n 's/^depends=//p' | tr ',' ' '); do
        add_module "$needed"
    done
    mv "$target" "$root/modules/$(printf '%02d' "$count")-$name.ko"
    count=$((count + 1))
}

make_root() {
    local applet name
    mkdir -p "$root"/{bin,dev,etc,mnt,modules,proc,share,sys,tmp}
    unpack busybox-static "$work"
    cp "$work/usr/bin/busybox" "$root/bin/"
    # Its applets' names are in the binary: nothing riscv64 runs here. A missing link would only be a missing command.
    for applet in sh ash awk basename cat cmp cp cut date dd df dmesg echo env expr false free fstrim grep gunzip gzip halt head hexdump hostname \
        hwclock id ifconfig insmod ip kill ln ls lsmod md5sum mkdir mknod mount mv nc nproc nslookup ping poweroff printf ps pwd reboot rm rmdir \
        sed seq sha256sum sleep sort stat stty switch_root sync tail tar taskset tee test time top touch tr true udhcpc umount uname uptime wait wc wget which yes; do
        ln -s busybox "$root/bin/$applet"
    done
    for name in "$source_root"/machine/*.c; do
        cp "$work/programs/machine/$(basename "${name%.c}")" "$root/bin/"
    done
    cp "$source_root/machine/init" "$source_root/machine/lease.sh" "$root/"
    chmod +x "$root/init" "$root/lease.sh"
}

main() {
    [[ $# == 1 && $1 != -* ]] || { sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2; }
    need_tools apt-get dpkg-deb tar find cpio gzip xz
    mkdir -p "$1"
    local out package suite cache archives=() root count=0
    declare -A added=()
    out=$(cd "$1" && pwd)
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    root=$work/root

    # Made from other files, or not at all.
    if [[ -e $out/initrd.gz && -z $(find "$source_root"/kernel.sh "$source_root"/machine -newer "$out/initrd.gz") ]]; then
        say "up to date: $out"
        return
    fi
    open_suite
    package=$(kernel_package)
    [[ -n $package ]] || fail "suite $suite has no linux-image-riscv64"
    download_alone "$package" busybox-static opensbi
    say "unpacking"
    mkdir -p "$work"/{kernel,programs}
    unpack "$package" "$work/kernel" --wildcards './boot/vmlinu*' './usr/lib/modules/*'
    "$source_root/build.sh" --machine "$work/programs"
    make_root
    for module in "${modules[@]}"; do
        add_module "$module"
    done
    cp "$work"/kernel/boot/vmlinu* "$out/Image"
    unpack opensbi "$work"
    cp "$work/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin" "$out/"
    # Reproducible: names sorted, no times.
    find "$root" -exec touch -h -d @0 {} +
    (cd "$root" && find . | LC_ALL=C sort | cpio -o -H newc --owner 0:0 --reproducible 2>/dev/null | gzip -n -1) >"$out/initrd.gz"
    say "done: ${package#linux-image-} ($suite), $(du -sh "$out" | cut -f1) in $out"
}

main "$@"
