// The frame of every kernel: a kernel defines `default_iterations` and `run`, and is started as
//
//   kernel [iterations | percent%]
//
// It prints one line: its checksum, which is the same on every machine for the same count.
#pragma once
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const long default_iterations;
static uint64_t run(long iterations);

static inline uint64_t random64(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1d;
}

static inline uint64_t mix(uint64_t sum, uint64_t value) { return (sum ^ value) * 0x100000001b3; }

int main(int argc, char **argv)
{
    long iterations = default_iterations;
    if (argc > 1) {
        char *end;
        long number = strtol(argv[1], &end, 10);
        iterations = *end == '%' ? default_iterations * number / 100 : number;
    }
    printf("%016" PRIx64 "\n", run(iterations < 1 ? 1 : iterations));
    return 0;
}
