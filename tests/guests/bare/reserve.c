// Reserves far more address space than there is memory, at addresses that it suggests, and touches little of it, as the run-times of Go,
// Java and JavaScript do. Ends by looking at how much memory its process takes.
#include "../guest.h"

enum { PROT_NONE = 0, MAP_FIXED = 16, MAP_NORESERVE = 0x4000, SYS_madvise = 233, MADV_DONTNEED = 4 };

static const size gibibyte = 1UL << 30, mebibyte = 1UL << 20;

static char *map_at(unsigned long address, size bytes, int protection, int flags)
{
    char *place = (char *)syscall6(SYS_mmap, address, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
    if ((unsigned long)place > -4096UL) {
        print("mmap failed: ");
        print_number((long)place);
        print("\n");
        exit(1);
    }
    return place;
}

static void check(int good, const char *what)
{
    print(what);
    print(good ? ": yes\n" : ": no\n");
}

// Writes to a page in each of so many pieces, and reads it back.
static int touch(char *memory, size piece, int pieces)
{
    int good = 1;
    for (int i = 0; i < pieces; i++)
        *(volatile long *)(memory + i * piece) = i + 1;
    for (int i = 0; i < pieces; i++)
        good &= *(volatile long *)(memory + i * piece) == i + 1 && *(volatile long *)(memory + i * piece + 8) == 0;
    return good;
}

int main(int argc, char **argv)
{
    // Java: one reservation for the heap, committed in pieces by mapping over it, given back by reserving again.
    char *heap = map_at(0, 64 * gibibyte, PROT_NONE, MAP_NORESERVE);
    for (int i = 0; i < 64; i++)
        map_at((unsigned long)heap + i * gibibyte, page_size, PROT_READ | PROT_WRITE, MAP_FIXED);
    check(touch(heap, gibibyte, 64), "64 GiB reserved, a page in each used");
    for (int i = 0; i < 64; i++)
        map_at((unsigned long)heap + i * gibibyte, page_size, PROT_NONE, MAP_FIXED | MAP_NORESERVE);

    // Go: arenas at addresses that it likes.
    for (int i = 0; i < 3; i++) {
        unsigned long hint = 0xc000000000 + i * 64 * mebibyte;
        char *arena = map_at(hint, 64 * mebibyte, PROT_NONE, 0);
        check((unsigned long)arena == hint, "an arena is where it was wished");
        map_at((unsigned long)arena, 4 * mebibyte, PROT_READ | PROT_WRITE, MAP_FIXED);
        check(touch(arena, mebibyte, 4), "its start used");
    }

    // JavaScript: more than it wants, for the sake of alignment; the rest goes back.
    size aligned = 4 * gibibyte;
    char *cage = map_at(0, 2 * aligned, PROT_NONE, MAP_NORESERVE);
    char *inside = (char *)(((unsigned long)cage + aligned - 1) & -aligned);
    if (inside != cage)
        syscall3(SYS_munmap, cage, inside - cage, 0);
    syscall3(SYS_munmap, inside + aligned, cage + 2 * aligned - (inside + aligned), 0);
    check(syscall3(SYS_mprotect, inside + gibibyte, 16 * mebibyte, PROT_READ | PROT_WRITE) == 0, "part of a cage made writable");
    check(touch(inside + gibibyte, mebibyte, 16), "and used");

    // Writable without a promise of memory, thrown away in between.
    char *sparse = map_at(0, 32 * gibibyte, PROT_READ | PROT_WRITE, MAP_NORESERVE);
    check(touch(sparse, gibibyte / 4, 128), "32 GiB writable, 128 pages used");
    check(syscall3(SYS_madvise, sparse, 32 * gibibyte, MADV_DONTNEED) == 0, "thrown away");
    check(touch(sparse + page_size, gibibyte / 4, 128), "and used anew");

    check(resident_mebibytes() < 768, "less than 768 MiB taken"); // as many as qemu-user needs for its own tables
    return 0;
}
