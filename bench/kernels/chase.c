// Memory: follows a random cycle of pointers through 2 MB, each load waiting for the one before.
#include "kernel.h"

static const long default_iterations = 20000000;

static uint64_t run(long iterations)
{
    enum { count = 1 << 19 };
    static uint32_t next[count];
    uint64_t state = 1;
    for (uint32_t i = 0; i < count; i++)
        next[i] = i;
    for (uint32_t i = count - 1; i > 0; i--) { // Sattolo's shuffle: one single cycle
        uint32_t j = random64(&state) % i, kept = next[i];
        next[i] = next[j];
        next[j] = kept;
    }
    uint32_t at = 0;
    uint64_t sum = 0;
    for (long step = 0; step < iterations; step++) {
        at = next[at];
        sum += at;
    }
    return sum;
}
