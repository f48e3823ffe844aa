// Jumps into a page that is readable and writable but not executable: SIGSEGV.
#include "../guest.h"

int main(int argc, char **argv)
{
    unsigned *code = map(page_size, PROT_READ | PROT_WRITE);
    code[0] = 0x00008067; // ret
    __asm__ volatile("fence.i" ::: "memory");
    ((void (*)(void))code)();
    return survived();
}
