// Calls: Fibonacci numbers and the Ackermann function, by plain recursion.
#include "kernel.h"

static const long default_iterations = 20;

__attribute__((noinline, noclone)) static uint64_t fibonacci(unsigned n)
{
    if (n < 2)
        return n;
    uint64_t before = fibonacci(n - 2);
    return before + fibonacci(n - 1);
}

__attribute__((noinline, noclone)) static uint64_t ackermann(uint64_t m, uint64_t n)
{
    if (m == 0)
        return n + 1;
    return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

static uint64_t run(long iterations)
{
    uint64_t sum = 0;
    for (long round = 0; round < iterations; round++)
        sum = mix(sum, fibonacci(32 + (round & 1)) + ackermann(3, 8 + (round & 1)));
    return sum;
}
