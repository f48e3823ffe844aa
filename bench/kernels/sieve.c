// Integer: the sieve of Eratosthenes over a byte array.
#include "kernel.h"

static const long default_iterations = 600;

static uint64_t run(long iterations)
{
    enum { limit = 1 << 18 };
    static unsigned char composite[limit];
    uint64_t sum = 0;
    for (long round = 0; round < iterations; round++) {
        memset(composite, 0, sizeof composite);
        for (int i = 2; i * i < limit; i++)
            if (!composite[i])
                for (int j = i * i; j < limit; j += i)
                    composite[j] = 1;
        for (int i = 2; i < limit; i++)
            sum += composite[i] ? 0 : i;
    }
    return sum;
}
