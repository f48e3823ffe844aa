// Integer arithmetic at every width, on edge cases and random pairs: one checksum an operation.
// With an argument it prints every result, to find the first difference.
#include "mix.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const uint64_t edges[] = {
    0, 1, 2, 31, 32, 63, 64, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
    0x100000000, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffff7fffffff, 0xffffffff80000000,
    0xfffffffffffffffe, 0xffffffffffffffff, 0x5555555555555555, 0xaaaaaaaaaaaaaaaa, 0x0123456789abcdef
};
enum { edge_count = sizeof edges / sizeof *edges, random_count = 400 };

static int verbose;

static void pair(int index, uint64_t *a, uint64_t *b)
{
    static uint64_t state = 42;
    if (index == 0)
        state = 42;
    if (index < edge_count * edge_count) {
        *a = edges[index / edge_count];
        *b = edges[index % edge_count];
    } else {
        *a = random64(&state) >> (random64(&state) & 63);
        *b = random64(&state) >> (random64(&state) & 63);
    }
}

// C leaves these undefined; the instruction does not.
#define INSTRUCTION(name)                                                        \
    static uint64_t do_##name(uint64_t a, uint64_t b)                            \
    {                                                                            \
        uint64_t r;                                                              \
        __asm__ volatile(#name " %0, %1, %2" : "=r"(r) : "r"(a), "r"(b));        \
        return r;                                                                \
    }
#define INSTRUCTIONS(_)                                                          \
    _(add) _(sub) _(sll) _(slt) _(sltu) _(xor) _(srl) _(sra) _(or) _(and)        \
    _(addw) _(subw) _(sllw) _(srlw) _(sraw)                                      \
    _(mul) _(mulh) _(mulhsu) _(mulhu) _(div) _(divu) _(rem) _(remu)              \
    _(mulw) _(divw) _(divuw) _(remw) _(remuw)
INSTRUCTIONS(INSTRUCTION)

// What a compiler makes of C: narrow types, 128 bits, rotations, counts.
static uint64_t do_narrow(uint64_t a, uint64_t b)
{
    int8_t c = (int8_t)(a + b);
    uint16_t d = (uint16_t)(a * b);
    int16_t e = (int16_t)(a - b);
    return (uint64_t)(c * 3) ^ (uint64_t)d << 16 ^ (uint64_t)(e >> 3) ^ (uint8_t)(a ^ b);
}

static uint64_t do_wide(uint64_t a, uint64_t b)
{
    __int128 s = (__int128)(int64_t)a * (int64_t)b;
    unsigned __int128 u = ((unsigned __int128)a << 64 | b) + ((unsigned __int128)b << 64 | a);
    unsigned __int128 divisor = (b >> 7 | 1) + ((unsigned __int128)(a & 0xff) << 64);
    __int128 quotient = s / (__int128)divisor, remainder = s % (__int128)divisor;
    unsigned __int128 all = (unsigned __int128)s ^ u / divisor ^ u % divisor ^ (unsigned __int128)quotient << 1 ^
                            (unsigned __int128)remainder << 2 ^ u >> (b & 127);
    return (uint64_t)all ^ (uint64_t)(all >> 64);
}

static uint64_t do_bits(uint64_t a, uint64_t b)
{
    int n = b & 63;
    uint64_t rotated = a << n | a >> (-n & 63);
    uint64_t counts = (uint64_t)__builtin_popcountll(a) << 32 | (a ? __builtin_clzll(a) << 8 | __builtin_ctzll(a) : 99);
    return rotated ^ counts ^ __builtin_bswap64(b) ^ __builtin_bswap32((uint32_t)a) ^ (uint64_t)__builtin_parityll(a & b) << 60;
}

static uint64_t do_memory(uint64_t a, uint64_t b)
{
    // Misaligned accesses of every width, and extension on loads.
    static unsigned char bytes[64];
    int at = b & 15;
    uint64_t r;
    memcpy(bytes + at, &a, 8);
    *(volatile uint32_t *)(bytes + at + 3) ^= (uint32_t)b;
    *(volatile uint16_t *)(bytes + at + 1) += (uint16_t)a;
    *(volatile int8_t *)(bytes + at + 7) -= 1;
    r = *(volatile uint64_t *)(bytes + at + 1);
    r += (uint64_t) * (volatile int32_t *)(bytes + at + 1) + *(volatile uint32_t *)(bytes + at + 5);
    r ^= (uint64_t) * (volatile int16_t *)(bytes + at + 7) + *(volatile uint16_t *)(bytes + at + 2);
    return r + (uint64_t) * (volatile int8_t *)(bytes + at) - *(volatile uint8_t *)(bytes + at + 4);
}

static void run(const char *name, uint64_t (*operation)(uint64_t, uint64_t))
{
    uint64_t sum = 0xcbf29ce484222325;
    for (int i = 0; i < edge_count * edge_count + random_count; i++) {
        uint64_t a, b;
        pair(i, &a, &b);
        uint64_t r = operation(a, b);
        if (verbose)
            printf("%s %016" PRIx64 " %016" PRIx64 " = %016" PRIx64 "\n", name, a, b, r);
        sum = mix(sum, r);
    }
    printf("%-8s %016" PRIx64 "\n", name, sum);
}

int main(int argc, char **argv)
{
    (void)argv;
    verbose = argc > 1;
#define RUN(name) run(#name, do_##name);
    INSTRUCTIONS(RUN)
    RUN(narrow) RUN(wide) RUN(bits) RUN(memory)
    return 0;
}
