// Writes to its own code: SIGSEGV.
#include "../guest.h"

int main(int argc, char **argv)
{
    *(volatile int *)main = 0;
    return survived();
}
