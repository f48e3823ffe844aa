// Loads from the half of the address space that belongs to the kernel: SIGSEGV.
#include "../guest.h"

int main(int argc, char **argv)
{
    (void)*(volatile long *)0xffffffff80000000;
    return survived();
}
