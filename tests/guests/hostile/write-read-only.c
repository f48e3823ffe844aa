// Writes to constant data: SIGSEGV.
#include "../guest.h"

static const int constant = 1;

int main(int argc, char **argv)
{
    *(volatile int *)&constant = 2;
    return survived();
}
