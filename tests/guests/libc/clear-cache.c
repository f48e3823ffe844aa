// Generates a function at run time many times over, as a just-in-time compiler would, through __builtin___clear_cache.
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
    uint32_t *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long sum = 0;
    for (int i = 0; i < 1000; i++) {
        uint32_t *at = code + i % 7 * 4;
        at[0] = (uint32_t)(i - 500) << 20 | 0x00050513; // addi a0, a0, i - 500
        at[1] = 0x02a50533;                             // mul a0, a0, a0
        at[2] = 0x00008067;                             // ret
        __builtin___clear_cache((char *)at, (char *)(at + 3));
        sum += ((long (*)(long))at)(i % 13);
    }
    printf("%ld\n", sum);
    return 0;
}
