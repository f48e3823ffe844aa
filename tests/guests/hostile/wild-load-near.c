// Loads just above 4 GB, where a 32-bit mask would wrap to a mapped page: SIGSEGV.
#include "../guest.h"

int main(int argc, char **argv)
{
    (void)*(volatile long *)((unsigned long)main + 0x100000000);
    return survived();
}
