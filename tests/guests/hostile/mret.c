// Returns from a trap in user mode: SIGILL.
#include "../guest.h"

int main(int argc, char **argv)
{
    __asm__ volatile(".word 0x30200073");
    return survived();
}
