// Functions that a host program calls: no entry, no C library. Environment calls go to whoever embeds the guest.
typedef unsigned long word;

static inline word call(word number, word a, word b)
{
    register word a7 __asm__("a7") = number;
    register word a0 __asm__("a0") = a;
    register word a1 __asm__("a1") = b;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a7) : "memory");
    return a0;
}

word counter = 40;

word nothing(void) { return 42; }

word add(word a, word b) { return a + b; }

word sum8(word a, word b, word c, word d, word e, word f, word g, word h) { return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h; }

word fib(word n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

word count(void) { return ++counter; }

word ask(word number, word a, word b) { return call(number, a, b) + 1; }

word load(const volatile word *address) { return *address; }

int load_byte(const volatile signed char *address) { return *address; }

void store(volatile word *address, word value) { *address = value; }

double load_double(const volatile double *address) { return *address; }

word exchange(word *address, word value) { return __atomic_exchange_n(address, value, __ATOMIC_SEQ_CST); }

void spin(void)
{
    for (;;)
        __asm__ volatile("");
}

word deep(word n)
{
    volatile char room[512];
    room[0] = (char)n;
    return n == ~0ul ? 0 : deep(n + 1) + room[0];
}

void illegal(void) { __asm__ volatile(".word 0xffffffff"); }

void stop(void) { __asm__ volatile("ebreak"); }

// double in and out, as its bits
double half(double value) { return value / 2; }

word hash(const unsigned char *text, word length)
{
    word value = 0xcbf29ce484222325;
    for (word i = 0; i < length; i++)
        value = (value ^ text[i]) * 0x100000001b3;
    return value;
}
