// Loads from a page mapped without any access: SIGSEGV.
#include "../guest.h"

int main(int argc, char **argv)
{
    (void)*(volatile long *)map(page_size, 0);
    return survived();
}
