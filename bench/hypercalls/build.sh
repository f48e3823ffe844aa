#!/usr/bin/env bash
# Builds the guests that time their own calls, with the riscv64 cross compiler, into a folder (default: artifacts/hypercalls):
#   sbi         a program for S mode: dbt boot --kernel DIR/sbi;  qemu-system-riscv64 -M virt -nographic -kernel DIR/sbi-few
#   sbi-few     the same with fewer calls, for those that take long: dbt boot --trap-calls
#   linux       a static Linux program: dbt run DIR/linux;  dbt run --trap-calls DIR/linux 100000;  qemu-riscv64 DIR/linux 100000
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../../artifacts/hypercalls}
command -v riscv64-linux-gnu-gcc >/dev/null || { echo "build.sh: the riscv64 cross compiler is missing: apt-get install gcc-riscv64-linux-gnu libc6-dev-riscv64-cross" >&2; exit 1; }
mkdir -p "$out"
bare=(-O2 -std=gnu11 -Wall -Wextra -static -nostdlib -ffreestanding -fno-stack-protector -fno-pic -no-pie -mcmodel=medany -march=rv64imac_zicsr -mabi=lp64
    -Wl,-T,"$here/sbi.ld" -Wl,-z,noseparate-code -Wl,-n -Wl,--build-id=none -Wl,--no-warn-rwx-segments -s)
riscv64-linux-gnu-gcc "${bare[@]}" -o "$out/sbi" "$here/sbi.c"
riscv64-linux-gnu-gcc "${bare[@]}" -DTURNS=400000 -o "$out/sbi-few" "$here/sbi.c"
riscv64-linux-gnu-gcc -O2 -std=gnu11 -Wall -Wextra -static -o "$out/linux" "$here/linux.c"
