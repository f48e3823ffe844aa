// Memory: copy, scale, add and triad over arrays larger than the first cache levels.
#include "kernel.h"

static const long default_iterations = 1500;

static uint64_t run(long iterations)
{
    enum { count = 1 << 17 };
    static uint64_t a[count], b[count], c[count];
    for (int i = 0; i < count; i++)
        a[i] = i * 0x9e3779b97f4a7c15;
    for (long round = 0; round < iterations; round++) {
        memcpy(c, a, sizeof c);
        for (int i = 0; i < count; i++)
            b[i] = c[i] << 1;
        for (int i = 0; i < count; i++)
            c[i] = a[i] + b[i];
        for (int i = 0; i < count; i++)
            a[i] = b[i] + 3 * c[i];
    }
    uint64_t sum = 0;
    for (int i = 0; i < count; i++)
        sum = mix(sum, a[i]);
    return sum;
}
