// The C library's start-up and one line of stdio.
#include <stdio.h>

int main(void)
{
    puts("Hello from riscv64 and its C library!");
    return 0;
}
