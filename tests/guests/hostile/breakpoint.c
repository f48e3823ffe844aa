// Executes ebreak without a debugger: SIGTRAP.
#include "../guest.h"

int main(int argc, char **argv)
{
    __asm__ volatile("ebreak");
    return survived();
}
