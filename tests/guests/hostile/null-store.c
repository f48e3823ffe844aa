// Stores through a null pointer: SIGSEGV.
#include "../guest.h"

int main(int argc, char **argv)
{
    volatile long *volatile nowhere = 0;
    *nowhere = 1;
    return survived();
}
