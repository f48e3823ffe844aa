# What the scripts that measure whole processes share; sourced, not run. `root` is the repository.

fail() { echo "$(basename "$0"): $*" >&2; exit 1; }

# Sets `dbt` to a freshly published command.
publish() {
    command -v dotnet >/dev/null || fail "no dotnet to publish with: give --dbt FILE, or --engines none"
    echo "$(basename "$0"): publishing dbt" >&2
    dotnet publish "$root/runtime/Dbt.Cli" -c Release -o "$root/artifacts/dbt" -v q -nologo >&2
    dbt=$root/artifacts/dbt/dbt
}

median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }

# fixed A B: A / B with two decimals
fixed() { local hundredths=$((($1 * 1000 / $2 + 5) / 10)); printf '%d.%02d' $((hundredths / 100)) $((hundredths % 100)); }

# Geometric means need logarithms, which the shell lacks: the exponent of two by doubling and squaring, in fixed point
# of 2^20. log2 VALUE (a fraction of 2^20)
log2() {
    local x=$1 result=0 bit
    while ((x >= 2 << 20)); do x=$((x >> 1)) result=$((result + (1 << 20))); done
    while ((x < 1 << 20)); do x=$((x << 1)) result=$((result - (1 << 20))); done
    for ((bit = 1 << 19; bit > 0; bit >>= 1)); do
        x=$((x * x >> 20))
        if ((x >= 2 << 20)); then x=$((x >> 1)) result=$((result + bit)); fi
    done
    echo $result
}
# The inverse, by bisection: VALUE whose log2 is the argument.
exp2() {
    local low=1 high=$((1 << 32)) middle
    while ((high - low > 1)); do
        middle=$(((low + high) / 2))
        if (($(log2 $middle) <= $1)); then low=$middle; else high=$middle; fi
    done
    echo $low
}
