// Executes the all-zero parcel, which is defined to be illegal: SIGILL.
#include "../guest.h"

int main(int argc, char **argv)
{
    __asm__ volatile(".half 0");
    return survived();
}
