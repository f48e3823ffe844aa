// Every F and D instruction over special values, in every rounding mode: a checksum over result bits and flags
// for each. With an argument it prints every result, to find the first difference.
#include "mix.h"
#include <fenv.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const uint64_t doubles[] = {
    0x0000000000000000, 0x8000000000000000, 0x3ff0000000000000, 0xbff0000000000000, 0x3ff8000000000000,
    0x0000000000000001, 0x800fffffffffffff, 0x0010000000000000, 0x7fefffffffffffff, 0xffefffffffffffff,
    0x7ff0000000000000, 0xfff0000000000000, 0x7ff8000000000000, 0x7ff0000000000001, 0xfff8deadbeef0000,
    0x3fe0000000000000, 0x400921fb54442d18, 0x3fb999999999999a, 0x41dfffffffc00000, 0x41e0000000000000,
    0x43e0000000000000, 0xc3e0000000000000, 0x43f0000000000000, 0x41efffffffe80000, 0xbfefffffffffffff,
    0x3810000000000001, 0x47efffffffffffff, 0x36a0000000000001, 0x3cb0000000000000, 0x3ca0000000000001
};
static const uint32_t floats[] = {
    0x00000000, 0x80000000, 0x3f800000, 0xbf800000, 0x3fc00000, 0x00000001, 0x807fffff, 0x00800000, 0x7f7fffff,
    0xff7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001, 0xffc12345, 0x3f000000, 0x40490fdb, 0x3dcccccd,
    0x4effffff, 0x4f000000, 0x5f000000, 0xdf000000, 0x5f800000, 0x4f7fffff, 0xbf7fffff, 0x33800001, 0x34000000
};
static const uint64_t integers[] = {
    0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x1000001, 0x20000000000001, 0x7fffffffffffffff,
    0x8000000000000000, 0xffffffffffffffff, 0xfffffffffffffbff, 0x7ffffffffffffe01, 0x123456789abcdef
};
#define COUNT(array) (int)(sizeof array / sizeof *array)

static const char *const mode_names[] = { "rne", "rtz", "rdn", "rup", "rmm" };
static int verbose, mode;
static uint64_t sum;

static void begin(void)
{
    __asm__ volatile("fsrm %0\n\tfsflags zero" ::"r"((long)mode) : "memory");
}

static void record(const char *name, uint64_t a, uint64_t b, uint64_t c, uint64_t result)
{
    long flags;
    __asm__ volatile("frflags %0\n\tfsrm zero" : "=r"(flags)::"memory");
    if (verbose)
        printf("%s %s %016" PRIx64 " %016" PRIx64 " %016" PRIx64 " = %016" PRIx64 " flags %02lx\n", name,
               mode_names[mode], a, b, c, result, flags);
    sum = mix(mix(sum, result), (uint64_t)flags);
}

static void finish(const char *name)
{
    printf("%-10s %s %016" PRIx64 "\n", name, mode_names[mode], sum);
    sum = 0xcbf29ce484222325;
}

// Raw bits go in and out by fmv, so NaN payloads and boxing are seen as they are.
#define TO_D(bits) ({ double d_; __asm__ volatile("fmv.d.x %0, %1" : "=f"(d_) : "r"(bits)); d_; })
#define FROM_D(value) ({ uint64_t b_; __asm__ volatile("fmv.x.d %0, %1" : "=r"(b_) : "f"(value)); b_; })
#define TO_S(bits) ({ float s_; __asm__ volatile("fmv.w.x %0, %1" : "=f"(s_) : "r"(bits)); s_; })

#define BINARY(op, values, to)                                                                     \
    for (int i = 0; i < COUNT(values); i++)                                                        \
        for (int j = 0; j < COUNT(values); j++) {                                                  \
            double r;                                                                              \
            begin();                                                                               \
            __asm__ volatile(op " %0, %1, %2" : "=f"(r) : "f"(to(values[i])), "f"(to(values[j]))); \
            record(op, values[i], values[j], 0, FROM_D(r));                                        \
        }                                                                                          \
    finish(op);
#define COMPARE(op, values, to)                                                                    \
    for (int i = 0; i < COUNT(values); i++)                                                        \
        for (int j = 0; j < COUNT(values); j++) {                                                  \
            uint64_t r;                                                                            \
            begin();                                                                               \
            __asm__ volatile(op " %0, %1, %2" : "=r"(r) : "f"(to(values[i])), "f"(to(values[j]))); \
            record(op, values[i], values[j], 0, r);                                                \
        }                                                                                          \
    finish(op);
#define TERNARY(op, values, to)                                                                    \
    for (int i = 0; i < COUNT(values); i++)                                                        \
        for (int j = 0; j < COUNT(values); j++)                                                    \
            for (int k = (i + j) % 3; k < COUNT(values); k += 3) {                                 \
                double r;                                                                          \
                begin();                                                                           \
                __asm__ volatile(op " %0, %1, %2, %3"                                              \
                                 : "=f"(r) : "f"(to(values[i])), "f"(to(values[j])), "f"(to(values[k]))); \
                record(op, values[i], values[j], values[k], FROM_D(r));                            \
            }                                                                                      \
    finish(op);
#define UNARY(op, values, to)                                                                      \
    for (int i = 0; i < COUNT(values); i++) {                                                      \
        double r;                                                                                  \
        begin();                                                                                   \
        __asm__ volatile(op " %0, %1" : "=f"(r) : "f"(to(values[i])));                             \
        record(op, values[i], 0, 0, FROM_D(r));                                                    \
    }                                                                                              \
    finish(op);
#define TO_INTEGER(op, values, to)                                                                 \
    for (int i = 0; i < COUNT(values); i++) {                                                      \
        uint64_t r;                                                                                \
        begin();                                                                                   \
        __asm__ volatile(op " %0, %1" : "=r"(r) : "f"(to(values[i])));                             \
        record(op, values[i], 0, 0, r);                                                            \
    }                                                                                              \
    finish(op);
#define FROM_INTEGER(op)                                                                           \
    for (int i = 0; i < COUNT(integers); i++) {                                                    \
        double r;                                                                                  \
        begin();                                                                                   \
        __asm__ volatile(op " %0, %1" : "=f"(r) : "r"(integers[i]));                               \
        record(op, integers[i], 0, 0, FROM_D(r));                                                  \
    }                                                                                              \
    finish(op);
#define STATIC_TO_INTEGER(op, rm)                                                                  \
    for (int i = 0; i < COUNT(doubles); i++) {                                                     \
        uint64_t r;                                                                                \
        begin();                                                                                   \
        __asm__ volatile(op " %0, %1, " rm : "=r"(r) : "f"(TO_D(doubles[i])));                     \
        record(op "," rm, doubles[i], 0, 0, r);                                                    \
    }                                                                                              \
    finish(op "," rm);

#define ARITHMETIC(s, values, to)                                                                  \
    BINARY("fadd." s, values, to) BINARY("fsub." s, values, to) BINARY("fmul." s, values, to)      \
    BINARY("fdiv." s, values, to) UNARY("fsqrt." s, values, to)                                    \
    TERNARY("fmadd." s, values, to) TERNARY("fmsub." s, values, to)                                \
    TERNARY("fnmadd." s, values, to) TERNARY("fnmsub." s, values, to)                              \
    TO_INTEGER("fcvt.w." s, values, to) TO_INTEGER("fcvt.wu." s, values, to)                       \
    TO_INTEGER("fcvt.l." s, values, to) TO_INTEGER("fcvt.lu." s, values, to)
#define MODELESS(s, values, to)                                                                    \
    BINARY("fmin." s, values, to) BINARY("fmax." s, values, to)                                    \
    BINARY("fsgnj." s, values, to) BINARY("fsgnjn." s, values, to) BINARY("fsgnjx." s, values, to) \
    COMPARE("feq." s, values, to) COMPARE("flt." s, values, to) COMPARE("fle." s, values, to)      \
    TO_INTEGER("fclass." s, values, to)

static void single_precision(void) { ARITHMETIC("s", floats, TO_S) }
static void double_precision(void) { ARITHMETIC("d", doubles, TO_D) }

static void conversions(void)
{
    UNARY("fcvt.s.d", doubles, TO_D)
    FROM_INTEGER("fcvt.s.w") FROM_INTEGER("fcvt.s.wu") FROM_INTEGER("fcvt.s.l") FROM_INTEGER("fcvt.s.lu")
    FROM_INTEGER("fcvt.d.l") FROM_INTEGER("fcvt.d.lu")
}

static void modeless(void)
{
    MODELESS("s", floats, TO_S)
    MODELESS("d", doubles, TO_D)
    UNARY("fcvt.d.s", floats, TO_S)
    FROM_INTEGER("fcvt.d.w") FROM_INTEGER("fcvt.d.wu")
    STATIC_TO_INTEGER("fcvt.l.d", "rne") STATIC_TO_INTEGER("fcvt.l.d", "rtz") STATIC_TO_INTEGER("fcvt.l.d", "rdn")
    STATIC_TO_INTEGER("fcvt.l.d", "rup") STATIC_TO_INTEGER("fcvt.w.d", "rmm")
    // A double that is no boxed single reads as the canonical NaN.
    UNARY("fsqrt.s", doubles, TO_D)
    BINARY("fadd.s", doubles, TO_D)
    BINARY("fsgnj.s", doubles, TO_D)
    COMPARE("feq.s", doubles, TO_D)
    TO_INTEGER("fclass.s", doubles, TO_D)
    TO_INTEGER("fmv.x.w", doubles, TO_D)
}

// The same through the C library's view.
static void environment(void)
{
    static const int rounding[] = { FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD, FE_UPWARD };
    volatile double one = 1, three = 3, big = 1e308, zero = 0;
    for (int i = 0; i < COUNT(rounding); i++) {
        fesetround(rounding[i]);
        feclearexcept(FE_ALL_EXCEPT);
        volatile double third = one / three, huge = big * 10, tiny = 1 / big / big;
        int first = fetestexcept(FE_ALL_EXCEPT);
        feclearexcept(FE_INEXACT | FE_OVERFLOW);
        volatile double infinite = one / zero, nan = zero / zero;
        int second = fetestexcept(FE_ALL_EXCEPT);
        long rounded = lrint(-2.5 * one);
        fesetround(FE_TONEAREST);
        printf("%d: %a %a %a %g %d, %d, flags %x %x\n", rounding[i], third, huge, tiny, infinite, isnan(nan) != 0,
               (int)rounded, first, second);
    }
    printf("%.17g %.17g %.17g %.17g\n", sin(1e6 * one), exp(one), pow(three, 0.3), log(three));
    printf("%a %a %a\n", sqrt(three * one), cbrt(three), fma(one / three, three, -one));
}

int main(int argc, char **argv)
{
    (void)argv;
    verbose = argc > 1;
    sum = 0xcbf29ce484222325;
    for (mode = 0; mode < 5; mode++) {
        single_precision();
        double_precision();
        conversions();
    }
    mode = 0;
    modeless();
    environment();
    return 0;
}
