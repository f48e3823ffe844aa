// Loads a word of which half lies on an unmapped page: SIGSEGV.
#include "../guest.h"

int main(int argc, char **argv)
{
    char *pages = map(2 * page_size, PROT_READ | PROT_WRITE);
    syscall3(SYS_munmap, pages + page_size, page_size, 0);
    (void)*(volatile long *)(pages + page_size - 4);
    return survived();
}
