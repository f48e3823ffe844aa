// Load-reserves a misaligned word.
#include "../guest.h"

int main(int argc, char **argv)
{
    static long words[4];
    int value;
    __asm__ volatile("lr.w %0, (%1)" : "=r"(value) : "r"((char *)words + 2) : "memory");
    return survived();
}
