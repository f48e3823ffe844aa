#!/usr/bin/env bash
# Runs other people's programs from a sysroot (see sysroot.sh) and compares what they print with what they must.
#
#   tests/guests/sysroot-check.sh DIR RUNNER...
#   tests/guests/sysroot-check.sh artifacts/sysroot qemu-riscv64 -L artifacts/sysroot
#   tests/guests/sysroot-check.sh artifacts/sysroot dbt run --engine block -L artifacts/sysroot
set -uo pipefail

[[ $# -ge 2 ]] || { sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 2; }
[[ -d $1 ]] || { echo "sysroot-check: no such directory: $1" >&2; exit 2; }
sysroot=$(cd "$1" && pwd)
shift
runner=("$@")
passed=0 failed=0
export LC_ALL=C TZ=UTC0

# check EXPECTED PROGRAM ARGUMENTS...: standard input is passed through
check() {
    local expected=$1 program=$2 actual code
    shift 2
    actual=$(timeout "${CHECK_TIMEOUT:-60}" "${runner[@]}" "$sysroot/$program" "$@" 2>&1)
    code=$?
    if [[ $code == 0 && $actual == "$expected" ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED (exit code %s): %s %s\n  expected: %s\n  actual:   %s\n' "$code" "$program" "$*" "$expected" "$actual"
    fi
}

numbers=$(seq 100 -1 1)
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
touch "$directory"/{one,two,three}
readonly hi_sha256=98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4

check $'one\nthree\ntwo'  bin/busybox ls "$directory"
check "$hi_sha256  -"     bin/busybox sha256sum <<<hi
check '1024 5050'         bin/busybox awk '{ s += $1 } END { print 2 * 512, s }' <<<"$numbers"
check "$(seq 1 100)"      bin/busybox sort -n <<<"$numbers"
check '42 4611686018427387904 -4' bin/busybox sh -c 'echo $((6 * 7)) $((1 << 62)) $((-17 / 4))'
check 'hello 3'           bin/busybox sh -c 'f() { echo "$1 $#"; }; f hello b c'

check $'one\nthree\ntwo'  bin/ls "$directory"
check "$hi_sha256  -"     bin/sha256sum <<<hi
check "$(seq 1 100)"      bin/sort -n <<<"$numbers"
check '1234567890123: 3 3541 116216501' bin/factor 1234567890123
check '292'               bin/wc -c <<<"$numbers"
check '1970-01-02 10:17:36' bin/date -d @123456 '+%F %T'
check 'aGkK'              bin/base64 <<<hi
check 'b'                 bin/expr substr abc 2 1

check '{"x": [0.8414709848078965, 499500]}' \
    bin/python3 -c 'import json, math; print(json.dumps({"x": [math.sin(1), sum(range(1000))]}))'
check '0x245b1eff091e055' bin/python3 -c 'print(hex(pow(3, 10**6, 2**61 - 1)))'
check 'caught 1, 3628800' bin/python3 -c $'import math\ntry:\n    {}[1]\nexcept KeyError as e:\n    print("caught %s, %d" % (e, math.factorial(10)))'
check '1,4,9,16,25 cba'   bin/perl -e 'print join(",", map { $_ ** 2 } 1..5), " ", scalar reverse("abc"), "\n"'
check 'key=value'         bin/perl -ne 'print "$1=$2\n" if /(\w+)\s*:\s*(\w+)/' <<<'key : value'
check $'5050\n50.5'       bin/sqlite3 :memory: 'create table t(x); insert into t select value from generate_series(1, 100); select sum(x) from t; select avg(x) from t;'
check $'xxx\t0.33333333333333' bin/lua5.4 -e 'print(("x"):rep(3), 1 / 3)'
check "SHA2-256(stdin)= $hi_sha256" bin/openssl sha256 <<<hi
check '1099511627776 C B A' bin/bash -c 'a=(A B C); echo $((1 << 40)) ${a[2]} ${a[1]} ${a[0]}'
check '0.333333 HELLO'    bin/gawk 'BEGIN { print 1 / 3, toupper("hello") }'
check 'hEllO'             bin/sed 's/[eo]/\U&/g' <<<hello
# Code generated at run time: of regular expressions (PCRE2), of callbacks (libffi), and of Lua, after probing the processor by a SIGILL.
check $'173\t1078150398\t1499999' \
    bin/luajit -e 'local t, s = {}, 12345 for i = 1, 20000 do s = (s * 16807) % 2147483647 t[i] = s end table.sort(t) local b = {} for i = 1, 20000, 1000 do b[#b + 1] = ("%x"):format(t[i]) end local x = 0 for i = 1, 1e6 do x = x + i % 7 / 2 end print(#table.concat(b, "-"), t[10000], x)'
check '500'               bin/grep -cP '(?<=o_)b[a-z]+ (?!qux)\w+ (\w)\w*=v\1?al$' <<<"$(seq 500 | sed 's/$/ foo_bar baz key=val/')"
check '[0, 1, 2, 3, 4] 210' \
    bin/python3 -c 'import ctypes as c; f = c.CFUNCTYPE(c.c_int, c.POINTER(c.c_int), c.POINTER(c.c_int)); a = (c.c_int * 211)(*[i * 7919 % 211 for i in range(211)]); c.CDLL(None).qsort(a, 211, 4, f(lambda x, y: x[0] - y[0])); print(a[:5], a[210])'
check 'two'               bin/grep -E '^t.o$' <<<$'one\ntwo\nthree'

echo "$passed passed, $failed failed"
[[ $failed == 0 ]]
