// Reads a machine-mode CSR from user mode: SIGILL.
#include "../guest.h"

int main(int argc, char **argv)
{
    long value;
    __asm__ volatile("csrr %0, mstatus" : "=r"(value));
    return survived();
}
