// Loads through a null pointer: SIGSEGV.
#include "../guest.h"

int main(int argc, char **argv)
{
    volatile long *volatile nowhere = 0;
    (void)*nowhere;
    return survived();
}
