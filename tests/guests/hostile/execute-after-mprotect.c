// Runs a function, takes the right to execute away, runs it again: SIGSEGV.
#include "../guest.h"

int main(int argc, char **argv)
{
    unsigned *code = map(page_size, PROT_READ | PROT_WRITE | PROT_EXEC);
    code[0] = 0x00008067; // ret
    __asm__ volatile("fence.i" ::: "memory");
    ((void (*)(void))code)();
    print("ran once\n");
    syscall3(SYS_mprotect, code, page_size, PROT_READ | PROT_WRITE);
    ((void (*)(void))code)();
    return survived();
}
