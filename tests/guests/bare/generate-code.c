// A just-in-time compiler in small: writes functions over those that it wrote before, in 64 pages, makes them known in each of the ways
// that Linux has, and calls them, as often as its argument says (default 20,000). What a function must give is computed beside it, and at
// the end it looks at how much memory its process takes.
#include "../guest.h"

enum { pages = 64, MAP_FIXED = 16, SYS_madvise = 233 };

typedef unsigned long function(unsigned long);

static unsigned long state = 1;

static unsigned long next_random(void)
{
    state = state * 6364136223846793005 + 1442695040888963407;
    return state >> 33;
}

// A few computations on a0, some behind a branch, and what they make of a number.
static unsigned *write_function(unsigned *at, unsigned long *value)
{
    unsigned long result = *value;
    for (int count = 1 + next_random() % 6; count; count--) {
        unsigned constant = next_random() & 0x7ff;
        switch (next_random() % 3) {
        case 0:
            *at++ = constant << 20 | 0x00050513; // addi a0, a0, constant
            result += constant;
            break;
        case 1:
            *at++ = 0x00351593; // slli a1, a0, 3
            *at++ = 0x00b54533; // xor a0, a0, a1
            result ^= result << 3;
            break;
        default:
            *at++ = 0x00157593;                  // andi a1, a0, 1
            *at++ = 0x00058463;                  // beqz a1, .+8
            *at++ = constant << 20 | 0x00054513; // xori a0, a0, constant
            if (result & 1)
                result ^= constant;
        }
    }
    *at++ = 0x00008067; // ret
    *value = result;
    return at;
}

static void fence_i(void) { __asm__ volatile("fence.i" ::: "memory"); }

int main(int argc, char **argv)
{
    long count = argc > 1 ? parse(argv[1]) : 20000;
    unsigned long sum = 0;
    char *code = map(pages * page_size, PROT_READ | PROT_WRITE | PROT_EXEC);
    for (long i = 0; i < count; i++) {
        char *page = code + next_random() % pages * page_size;
        unsigned *at = (unsigned *)(page + next_random() % 56 * 64);
        unsigned long argument = next_random(), expected = argument;
        unsigned way = next_random() % 16;
        switch (way) {
        case 0: // not writable and executable at once
            syscall3(SYS_mprotect, page, page_size, PROT_READ | PROT_WRITE);
            write_function(at, &expected);
            syscall3(SYS_mprotect, page, page_size, PROT_READ | PROT_EXEC);
            break;
        case 1: // another mapping in its place
            syscall6(SYS_mmap, (long)page, page_size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
            write_function(at, &expected);
            fence_i();
            break;
        case 2: // nothing in its place for a while
            syscall3(SYS_munmap, page, page_size, 0);
            syscall6(SYS_mmap, (long)page, page_size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
            write_function(at, &expected);
            break;
        case 3: // forgotten and written anew
            syscall3(SYS_madvise, page, page_size, 4);
            write_function(at, &expected);
            fence_i();
            break;
        case 4:
        case 5: {
            unsigned *end = write_function(at, &expected);
            syscall3(SYS_riscv_flush_icache, at, end, 0);
            break;
        }
        default:
            write_function(at, &expected);
            fence_i();
        }
        unsigned long result = ((function *)at)(argument);
        if (way == 0)
            syscall3(SYS_mprotect, page, page_size, PROT_READ | PROT_WRITE | PROT_EXEC);
        if (result != expected) {
            print("function ");
            print_number(i);
            print(" is not the one that was written\n");
            return 1;
        }
        sum = sum * 31 + result;
    }
    print_number(sum);
    print(resident_mebibytes() < 512 ? "\nless than 512 MiB taken\n" : "\nmore than 512 MiB taken\n");
    return 0;
}
