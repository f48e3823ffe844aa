// Writes code, runs it, rewrites it and runs it again: with fence.i, and with the system call behind
// __builtin___clear_cache. Also moves a page between writable and executable.
#include "../guest.h"

typedef long function(void);

// addi a0, zero, value; ret
static void write_code(unsigned *at, int value)
{
    at[0] = (unsigned)value << 20 | 0x00000513;
    at[1] = 0x00008067;
}

int main(int argc, char **argv)
{
    unsigned *code = map(page_size, PROT_READ | PROT_WRITE | PROT_EXEC);
    long sum = 0;
    for (int i = 0; i < 200; i++) {
        write_code(code, i);
        __asm__ volatile("fence.i" ::: "memory");
        sum += ((function *)code)();
    }
    print("fence.i: ");
    print_number(sum);

    sum = 0;
    for (int i = 0; i < 200; i++) {
        write_code(code + 16, 2 * i);
        syscall3(SYS_riscv_flush_icache, code, code + page_size / 4, 0);
        sum += ((function *)(code + 16))();
    }
    print("\nflush_icache: ");
    print_number(sum);

    sum = 0;
    for (int i = 0; i < 50; i++) {
        syscall3(SYS_mprotect, code, page_size, PROT_READ | PROT_WRITE);
        write_code(code, 3 * i);
        syscall3(SYS_mprotect, code, page_size, PROT_READ | PROT_EXEC);
        __asm__ volatile("fence.i" ::: "memory");
        sum += ((function *)code)();
    }
    print("\nmprotect: ");
    print_number(sum);

    // Another mapping at the same address must not run the old one's translations.
    syscall3(SYS_munmap, code, page_size, 0);
    unsigned *again = (unsigned *)syscall6(SYS_mmap, (long)code, page_size, PROT_READ | PROT_WRITE | PROT_EXEC,
                                           MAP_PRIVATE | MAP_ANONYMOUS | 16 /* MAP_FIXED */, -1, 0);
    write_code(again, 77);
    __asm__ volatile("fence.i" ::: "memory");
    print("\nremapped: ");
    print_number(((function *)again)());
    print("\n");
    return 0;
}
