// Allocates, grows and frees blocks of many sizes at random and checks that none was trampled on.
#include "mix.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { slots = 512, rounds = 40000 };

static unsigned char *blocks[slots];
static size_t sizes[slots];

static void check(int slot)
{
    for (size_t i = 0; i < sizes[slot]; i += 61)
        if (blocks[slot][i] != (unsigned char)(slot + i)) {
            printf("block %d of %zu bytes is damaged at %zu\n", slot, sizes[slot], i);
            exit(1);
        }
}

static void fill(int slot)
{
    for (size_t i = 0; i < sizes[slot]; i += 61)
        blocks[slot][i] = (unsigned char)(slot + i);
}

int main(void)
{
    uint64_t state = 7, total = 0;
    for (int round = 0; round < rounds; round++) {
        uint64_t choice = random64(&state);
        int slot = choice % slots;
        size_t wanted = (choice >> 16) % (choice >> 60 == 0 ? 1 << 20 : 2000) + 1; // now and then by mmap
        if (!blocks[slot]) {
            blocks[slot] = choice >> 59 & 1 ? calloc(1, wanted) : malloc(wanted);
        } else if (choice >> 58 & 1) {
            check(slot);
            blocks[slot] = realloc(blocks[slot], wanted);
        } else {
            check(slot);
            free(blocks[slot]);
            blocks[slot] = NULL;
            continue;
        }
        sizes[slot] = wanted;
        total += wanted;
        fill(slot);
    }
    for (int slot = 0; slot < slots; slot++)
        if (blocks[slot]) {
            check(slot);
            free(blocks[slot]);
        }
    void *aligned = aligned_alloc(4096, 8192), *other;
    printf("aligned %d %d\n", (uintptr_t)aligned % 4096 == 0, posix_memalign(&other, 64, 100) == 0 && (uintptr_t)other % 64 == 0);
    volatile size_t impossible = (size_t)1 << 62;
    printf("impossible %d\n", malloc(impossible) == NULL);
    printf("%d rounds, %llu bytes\n", rounds, (unsigned long long)total);
    return 0;
}
