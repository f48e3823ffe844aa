#!/usr/bin/env bash
# Builds bench/kernels from the same source for riscv64 (static) and natively, what changed only.
#
#   bench/build-kernels.sh [DIR]    into DIR/riscv64, DIR/native and DIR/native-novec (default: artifacts/kernels)
#
# native is gcc -O2; native-novec does without vectors, as the guest does. Neither may fuse a multiply and an add on its
# own, so that checksums of floating point agree.
set -euo pipefail

[[ ${1-} != -* ]] || { sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 2; }
source_root=$(cd "$(dirname "$0")/kernels" && pwd)
out=${1:-$source_root/../../artifacts/kernels}
readonly flags=(-std=gnu11 -O2 -Wall -Wextra -Wno-unused-parameter -Werror -ffp-contract=off)

missing=()
command -v gcc >/dev/null || missing+=(gcc libc6-dev)
command -v riscv64-linux-gnu-gcc >/dev/null || missing+=(gcc-riscv64-linux-gnu libc6-dev-riscv64-cross)
if [[ ${#missing[@]} -gt 0 ]]; then
    echo "build-kernels: compilers are missing: apt-get install ${missing[*]}" >&2
    exit 1
fi

# build FOLDER SOURCE COMPILER...
build() {
    local output=$out/$1/$(basename "$2" .c) source=$2
    shift 2
    [[ $source -nt $output || $source_root/kernel.h -nt $output ]] || return 0
    mkdir -p "$(dirname "$output")"
    "$@" "${flags[@]}" -o "$output" "$source" -lm
}

for source in "$source_root"/*.c; do
    build riscv64 "$source" riscv64-linux-gnu-gcc -static
    build native "$source" gcc
    build native-novec "$source" gcc -fno-tree-vectorize
done
