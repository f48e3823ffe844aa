// Counts down from its argument (default 10^9): three instructions a turn, for budgets and interpreter speed.
#include "../guest.h"

int main(int argc, char **argv)
{
    unsigned long turns = argc > 1 ? parse(argv[1]) : 1000000000, sum = 0;
    for (; turns; turns--)
        __asm__ volatile("add %0, %0, %1" : "+r"(sum) : "r"(turns));
    print_number(sum);
    print("\n");
    return 0;
}
