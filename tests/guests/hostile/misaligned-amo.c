// Adds atomically to a misaligned word.
#include "../guest.h"

int main(int argc, char **argv)
{
    static long words[4];
    int old;
    __asm__ volatile("amoadd.w %0, %2, (%1)" : "=r"(old) : "r"((char *)words + 2), "r"(1) : "memory");
    return survived();
}
