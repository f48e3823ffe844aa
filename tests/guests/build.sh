#!/usr/bin/env bash
# Builds the guest programs with the riscv64 cross compilers.
#
#   tests/guests/build.sh [DIR]       all of them into DIR (default: artifacts/guests), only what changed
#   tests/guests/build.sh --prebuilt  the small ones that are committed, into tests/guests/bin
#   tests/guests/build.sh --machine DIR   those of machine/ alone: kernel.sh puts them into an initial RAM disk
#
# DIR, DIR/hostile        from bare and hostile: no C library, static, a few KB each
# DIR/static              with glibc or libstdc++, static
# DIR/embedded            functions that a host program calls, with their symbols
# DIR/static-pie          bare ones again, position-independent without an interpreter
# DIR/system              for M mode of a machine with nothing else in it
# DIR/machine             with glibc, static: for machines
# DIR/dynamic             all of them, for a sysroot: run with -L (the cross compiler's own is /usr/riscv64-linux-gnu)
set -euo pipefail

source_root=$(cd "$(dirname "$0")" && pwd)
readonly source_root
readonly prefix=riscv64-linux-gnu
readonly warnings=(-Wall -Wextra -Werror)
readonly bare_flags=(-std=gnu11 "${warnings[@]}" -Wno-unused-parameter -Os -ffreestanding -nostdlib
    -fno-stack-protector -fno-asynchronous-unwind-tables -Wl,--build-id=none -Wl,-z,noseparate-code)
readonly c_flags=(-std=gnu11 "${warnings[@]}" -O2 -Wl,--build-id=none)
readonly cc_flags=(-std=c++17 "${warnings[@]}" -O2 -Wl,--build-id=none)
readonly static_flags=(-ffunction-sections -fdata-sections -Wl,--gc-sections)
# Bare ones, since Debian's cross glibc comes without the start files of static-pie programs.
readonly pie_programs=(hello self-modifying)
# Enough to try each engine on a machine without a cross compiler; about 2 MB.
readonly prebuilt_programs=(hello-libc integer floating exceptions)

built=0

require_compilers() {
    local missing=()
    command -v $prefix-gcc >/dev/null || missing+=(gcc-riscv64-linux-gnu libc6-dev-riscv64-cross)
    command -v $prefix-g++ >/dev/null || missing+=(g++-riscv64-linux-gnu)
    if [[ ${#missing[@]} -gt 0 ]]; then
        echo "build.sh: the riscv64 cross compilers are missing: apt-get install ${missing[*]}" >&2
        exit 1
    fi
}

# compile OUTPUT SOURCE COMMAND...: runs the command when a source is newer than the output
compile() {
    local output=$1 source=$2 dependency
    shift 2
    if [[ -e $output ]]; then
        local stale=
        for dependency in "$source" "$source_root/build.sh" "$source_root/guest.h" "$source_root/libc/mix.h"; do
            [[ $dependency -nt $output ]] && stale=1
        done
        [[ -n $stale ]] || return 0
    fi
    mkdir -p "$(dirname "$output")"
    "$@" -o "$output.new" "$source" "${libraries[@]}"
    mv "$output.new" "$output"
    built=$((built + 1))
    if [[ -t 1 ]]; then printf '\r\033[Kbuilt %s' "${output#"$out"/}"; fi
}

build_bare() {
    local source name libraries=()
    for source in "$source_root"/{bare,hostile}/*.c; do
        name=${source#"$source_root"/}
        name=${name#bare/}
        compile "$out/${name%.c}" "$source" $prefix-gcc "${bare_flags[@]}" -s -static -fno-pic
    done
    for source in "$source_root"/embedded/*.c; do
        compile "$out/embedded/$(basename "$source" .c)" "$source" $prefix-gcc "${bare_flags[@]}" -O2 -Wl,-e,0 -static -fno-pic
    done
    for name in traps pages; do
        libraries=("$source_root/system/system.c")
        compile "$out/system/$name" "$source_root/system/$name.c" $prefix-gcc "${bare_flags[@]}" -mcmodel=medany -fno-tree-loop-distribute-patterns \
            -static -fno-pie -no-pie -T "$source_root/system/link.ld"
        libraries=()
    done
    for name in "${pie_programs[@]}"; do
        compile "$out/static-pie/$name" "$source_root/bare/$name.c" $prefix-gcc "${bare_flags[@]}" -s -fpie -static-pie -Wl,--no-dynamic-linker
    done
}

build_hosted() { # FOLDER SOURCE FLAGS...
    local folder=$1 source=$2 name libraries=(-lm -latomic)
    shift 2
    name=$(basename "${source%.*}")
    case $source in
    *.cc) compile "$out/$folder/$name" "$source" $prefix-g++ "${cc_flags[@]}" "$@" ;;
    *) compile "$out/$folder/$name" "$source" $prefix-gcc "${c_flags[@]}" "$@" ;;
    esac
}

build_machine() {
    local source
    for source in "$source_root"/machine/*.c; do
        build_hosted machine "$source" -static -s "${static_flags[@]}"
    done
}

hosted_source() { ls "$source_root/libc/$1".c*; }

main() {
    local source name kind=all
    case ${1-} in
    --prebuilt) kind=prebuilt out=$source_root/bin ;;
    --machine) kind=machine out=${2:?a folder is missing} ;;
    -*) sed -n '2,13s/^# \{0,1\}//p' "$0"; exit 2 ;;
    *) out=${1:-$source_root/../../artifacts/guests} ;;
    esac
    require_compilers
    mkdir -p "$out"
    out=$(cd "$out" && pwd)

    case $kind in
    prebuilt)
        build_bare
        for name in "${prebuilt_programs[@]}"; do
            build_hosted static "$(hosted_source "$name")" -static "${static_flags[@]}" -Os -s
        done
        build_hosted dynamic "$(hosted_source hello-libc)" -Os -s
        ;;
    machine) build_machine ;;
    all)
        build_bare
        for source in "$source_root"/libc/*.{c,cc}; do
            build_hosted static "$source" -static "${static_flags[@]}"
            build_hosted dynamic "$source"
        done
        ;;
    esac
    if [[ -t 1 ]]; then printf '\r\033[K'; fi
    echo "guests: $built built, $(find "$out" -type f | wc -l) in $out ($(du -sh "$out" | cut -f1))"
}

main "$@"
