// C11 atomics of every width and order, in one thread: results and memory after each.
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

#define EXERCISE(type, format)                                                                                      \
    {                                                                                                               \
        _Atomic type cell = (type)-5;                                                                               \
        type expected = (type)3;                                                                                    \
        printf("%s:", #type);                                                                                       \
        printf(" " format, atomic_fetch_add_explicit(&cell, (type)10, memory_order_relaxed));                       \
        printf(" " format, atomic_fetch_sub_explicit(&cell, (type)2, memory_order_acquire));                        \
        printf(" " format, atomic_fetch_or_explicit(&cell, (type)0x40, memory_order_release));                      \
        printf(" " format, atomic_fetch_and_explicit(&cell, (type)0x42, memory_order_acq_rel));                     \
        printf(" " format, atomic_fetch_xor(&cell, (type)-1));                                                      \
        printf(" " format, atomic_exchange(&cell, (type)4));                                                        \
        printf(" %d", atomic_compare_exchange_strong(&cell, &expected, (type)9));                                   \
        printf(" " format, expected);                                                                               \
        printf(" %d", atomic_compare_exchange_strong(&cell, &expected, (type)9));                                   \
        printf(" " format "\n", atomic_load(&cell));                                                                \
    }

#define AMO(name)                                                                                                   \
    for (unsigned i = 0; i < sizeof values / sizeof *values; i++)                                                   \
        for (unsigned j = 0; j < sizeof values / sizeof *values; j++) {                                             \
            int64_t cell = values[i], old;                                                                          \
            __asm__ volatile(name " %0, %2, (%1)" : "=&r"(old) : "r"(&cell), "r"(values[j]) : "memory");            \
            sum = (sum ^ (uint64_t)old) * 0x100000001b3;                                                            \
            sum = (sum ^ (uint64_t)cell) * 0x100000001b3;                                                           \
        }                                                                                                           \
    printf("%-14s %016llx\n", name, (unsigned long long)sum);

static const int64_t values[] = { 0, 1, -1, INT32_MAX, INT32_MIN, (int64_t)UINT32_MAX, INT64_MAX, INT64_MIN, 0x123456789abcdef };

static void reservations(void)
{
    int64_t cell = 5, other = 6, value, failed;
    __asm__ volatile("lr.d %0, (%2)\n\tsc.d %1, %3, (%2)" : "=&r"(value), "=&r"(failed) : "r"(&cell), "r"(7L) : "memory");
    printf("lr/sc %ld %d %ld\n", (long)value, failed != 0, (long)cell);
    // A second store-conditional has no reservation left; one to another address has none there.
    __asm__ volatile("sc.d %0, %2, (%1)" : "=&r"(failed) : "r"(&cell), "r"(8L) : "memory");
    printf("sc alone %d %ld\n", failed != 0, (long)cell);
    __asm__ volatile("lr.w %0, (%2)\n\tsc.w %1, %3, (%2)" : "=&r"(value), "=&r"(failed) : "r"(&other), "r"(-1L) : "memory");
    printf("lr.w/sc.w %ld %d %lx\n", (long)value, failed != 0, (long)other);
}

int main(void)
{
    uint64_t sum = 0xcbf29ce484222325;
    EXERCISE(int8_t, "%d")
    EXERCISE(uint16_t, "%u")
    EXERCISE(int32_t, "%d")
    EXERCISE(uint64_t, "%lu")
    AMO("amoadd.w") AMO("amoswap.w.aq") AMO("amoand.w.rl") AMO("amoor.w") AMO("amoxor.w.aqrl")
    AMO("amomin.w") AMO("amomax.w") AMO("amominu.w") AMO("amomaxu.w")
    AMO("amoadd.d") AMO("amoswap.d") AMO("amoand.d") AMO("amoor.d.aqrl") AMO("amoxor.d")
    AMO("amomin.d") AMO("amomax.d") AMO("amominu.d") AMO("amomaxu.d")
    reservations();
    return 0;
}
