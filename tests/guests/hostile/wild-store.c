// Stores to an address that nothing is mapped at: SIGSEGV.
#include "../guest.h"

int main(int argc, char **argv)
{
    *(volatile long *)0x123456789000 = 1;
    return survived();
}
