// Stores just above 4 GB, where a 32-bit mask would wrap to a mapped page: SIGSEGV.
#include "../guest.h"

int main(int argc, char **argv)
{
    static volatile long target;
    *(volatile long *)((unsigned long)&target + 0x100000000) = 1;
    return survived();
}
