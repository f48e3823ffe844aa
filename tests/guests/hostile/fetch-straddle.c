// Executes an instruction whose second half lies on an unmapped page: SIGSEGV.
#include "../guest.h"

int main(int argc, char **argv)
{
    char *pages = map(2 * page_size, PROT_READ | PROT_WRITE | PROT_EXEC);
    syscall3(SYS_munmap, pages + page_size, page_size, 0);
    *(unsigned short *)(pages + page_size - 2) = 0x0513; // lower half of addi a0, zero, 0
    __asm__ volatile("fence.i" ::: "memory");
    ((void (*)(void))(pages + page_size - 2))();
    return survived();
}
