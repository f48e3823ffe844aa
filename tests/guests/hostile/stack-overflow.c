// Recurses without end until the stack is used up: SIGSEGV.
#include "../guest.h"

static volatile long depth;

__attribute__((noinline)) static long recurse(long n)
{
    volatile long frame[16];
    frame[0] = n;
    if (++depth < 0)
        return 0;
    return recurse(n + 1) + frame[0];
}

int main(int argc, char **argv)
{
    return (int)recurse(argc);
}
