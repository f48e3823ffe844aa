// Executes a 32-bit word that no extension defines: SIGILL.
#include "../guest.h"

int main(int argc, char **argv)
{
    __asm__ volatile(".word 0xffffffff");
    return survived();
}
