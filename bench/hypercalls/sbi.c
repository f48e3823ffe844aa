// A program for S mode that times its own calls of whoever is below it, by rdtime (10 MHz on virt machines), over so many that it is long enough; the
// loop around a call is timed alone and taken off. -DTURNS=N: how many of the shortest.
typedef unsigned long u64;
typedef struct { long error; u64 value; } sbiret;

#define ALWAYS static inline __attribute__((always_inline))

ALWAYS sbiret sbi(u64 extension, u64 function, u64 a, u64 b, u64 c)
{
    register u64 a0 asm("a0") = a;
    register u64 a1 asm("a1") = b;
    register u64 a2 asm("a2") = c;
    register u64 a6 asm("a6") = function;
    register u64 a7 asm("a7") = extension;
    asm volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a6), "r"(a7) : "memory");
    return (sbiret){(long)a0, a1};
}

// One site for all calls, as Linux has it.
__attribute__((noinline)) static sbiret funnel(u64 extension, u64 function, u64 a, u64 b, u64 c) { return sbi(extension, function, a, b, c); }

enum { base = 0x10, timer = 0x54494D45, ipi = 0x735049, harts = 0x48534D, reset = 0x53525354 };

ALWAYS u64 now(void)
{
    u64 t;
    asm volatile("rdtime %0" : "=r"(t));
    return t;
}

static void put(char c) { sbi(1, 0, (u64)c, 0, 0); }

static void print(const char *s)
{
    while (*s)
        put(*s++);
}

static void number(u64 n)
{
    char digits[20];
    int i = 0;
    do
        digits[i++] = (char)('0' + n % 10);
    while (n /= 10);
    while (i)
        put(digits[--i]);
}

// In hundredths of a nanosecond.
static void report(const char *name, u64 ticks, u64 empty, u64 turns)
{
    u64 t = ticks > empty ? (ticks - empty) * 10000 / turns : 0;
    print(name);
    print(" ");
    number(t / 100);
    put('.');
    number(t / 10 % 10);
    number(t % 10);
    print(" ns\n");
}

#define TIME(name, turns, call)                                                                   \
    do                                                                                            \
    {                                                                                             \
        for (u64 i = 0; i < 100; i++)                                                             \
            call;                                                                                 \
        u64 start = now();                                                                        \
        for (u64 i = 0; i < (turns); i++)                                                         \
        {                                                                                         \
            asm volatile("" ::: "memory");                                                        \
            call;                                                                                 \
        }                                                                                         \
        u64 end = now();                                                                          \
        report(name, end - start, empty * (turns) / loops, turns);                                \
    } while (0)

#ifndef TURNS
#define TURNS 20000000
#endif

__attribute__((used)) void guest_main(void)
{
    enum { loops = 100000000 };
    u64 start = now();
    for (u64 i = 0; i < loops; i++)
        asm volatile("" ::: "memory");
    u64 empty = now() - start;
    print("empty loop ");
    number(empty);
    print(" ticks\n");
    TIME("base-inline", TURNS, sbi(base, 0, 0, 0, 0));
    TIME("base-funnel", TURNS, funnel(base, 0, 0, 0, 0));
    TIME("probe", TURNS / 4, sbi(base, 3, timer, 0, 0));
    TIME("probe-funnel", TURNS / 4, funnel(base, 3, timer, 0, 0));
    TIME("set_timer", TURNS / 20, sbi(timer, 0, -1UL, 0, 0));
    TIME("ipi-none", TURNS / 20, sbi(ipi, 0, 0, 0, 0));
    TIME("hart_status", TURNS / 100, sbi(harts, 2, 0, 0, 0));
    sbi(reset, 0, 0, 0, 0);
    sbi(8, 0, 0, 0, 0);
    for (;;)
        asm volatile("wfi");
}

asm(".section .text.start,\"ax\"\n.globl _start\n_start:\n la sp, stack_top\n call guest_main\n .bss\n.balign 16\n.space 16384\nstack_top:\n.text\n");
