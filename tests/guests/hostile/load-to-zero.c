// Loads into the zero register from nowhere: the fault must still be taken, SIGSEGV.
#include "../guest.h"

int main(int argc, char **argv)
{
    __asm__ volatile("ld zero, 0(%0)" ::"r"(0x123456789000));
    return survived();
}
