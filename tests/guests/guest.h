// The whole run-time of the bare guests: program entry, system calls and printing, without a C library.
// Each bare guest includes this once and defines `int main(int argc, char **argv)`.
#pragma once

typedef unsigned long size;

enum {
    SYS_openat = 56, SYS_close = 57, SYS_lseek = 62, SYS_read = 63, SYS_write = 64, SYS_exit_group = 94,
    SYS_rt_sigaction = 134, SYS_kill = 129, SYS_getpid = 172, SYS_munmap = 215, SYS_mmap = 222, SYS_mprotect = 226,
    SYS_riscv_flush_icache = 259
};
enum { PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4, MAP_PRIVATE = 2, MAP_ANONYMOUS = 32, AT_FDCWD = -100 };
enum { page_size = 4096 };

static inline long syscall6(long number, long a, long b, long c, long d, long e, long f)
{
    register long a7 __asm__("a7") = number;
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    register long a3 __asm__("a3") = d;
    register long a4 __asm__("a4") = e;
    register long a5 __asm__("a5") = f;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7) : "memory");
    return a0;
}
#define syscall3(number, a, b, c) syscall6(number, (long)(a), (long)(b), (long)(c), 0, 0, 0)

static inline __attribute__((noreturn)) void exit(int code)
{
    syscall3(SYS_exit_group, code, 0, 0);
    __builtin_unreachable();
}

static inline size length(const char *text)
{
    size count = 0;
    while (text[count])
        count++;
    return count;
}

static inline void print(const char *text) { syscall3(SYS_write, 1, text, length(text)); }

static inline void print_number(long value)
{
    char digits[24], *at = digits + sizeof digits;
    unsigned long rest = value < 0 ? -(unsigned long)value : (unsigned long)value;
    *--at = 0;
    do
        *--at = '0' + rest % 10;
    while (rest /= 10);
    if (value < 0)
        *--at = '-';
    print(at);
}

static inline long parse(const char *text)
{
    long value = 0;
    while (*text >= '0' && *text <= '9')
        value = value * 10 + (*text++ - '0');
    return value;
}

// How much memory the process takes that the guest runs in.
static inline long resident_mebibytes(void)
{
    char text[128], *at = text;
    long file = syscall3(SYS_openat, AT_FDCWD, "/proc/self/statm", 0);
    long bytes = syscall3(SYS_read, file, text, sizeof text - 1);
    syscall3(SYS_close, file, 0, 0);
    text[bytes > 0 ? bytes : 0] = 0;
    while (*at && *at != ' ')
        at++;
    return (*at ? parse(at + 1) : 0) >> 8;
}

static inline void *map(size bytes, int protection)
{
    return (void *)syscall6(SYS_mmap, 0, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

// For hostile guests: the statement before must not come back.
static inline int survived(void)
{
    print("survived\n");
    return 99;
}

int main(int argc, char **argv);

__attribute__((used, noreturn)) static void start(long *stack) { exit(main((int)stack[0], (char **)(stack + 1))); }

__asm__(".globl _start\n"
        "_start:\n"
        ".option push\n"
        ".option norelax\n"
        "    la gp, __global_pointer$\n"
        ".option pop\n"
        "    mv a0, sp\n"
        "    andi sp, sp, -16\n"
        "    call start\n");
