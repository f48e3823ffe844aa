// Executes c.ebreak without a debugger: SIGTRAP.
#include "../guest.h"

int main(int argc, char **argv)
{
    __asm__ volatile("c.ebreak");
    return survived();
}
