// A Linux program that times system calls, in ns; the loop around a call is timed alone and taken off. Argument: how many.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static inline long call(long number, long a, long b)
{
    register long a0 asm("a0") = a;
    register long a1 asm("a1") = b;
    register long a7 asm("a7") = number;
    asm volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a7) : "memory");
    return a0;
}

#define TIME(name, turns, expression)                                       \
    do                                                                      \
    {                                                                       \
        double start = now();                                               \
        for (long i = 0; i < (turns); i++)                                  \
            sum += (expression);                                            \
        printf("%-20s %8.2f ns\n", name, (now() - start) / (turns) * 1e9 - empty); \
    } while (0)

int main(int count, char **arguments)
{
    long turns = count > 1 ? atol(arguments[1]) : 1000000;
    volatile long sum = 0;
    struct timespec time;
    struct timeval day;
    double start = now();
    for (long i = 0; i < turns; i++)
        sum += i;
    double empty = (now() - start) / turns * 1e9;
    TIME("getpid", turns, call(SYS_getpid, 0, 0));
    TIME("gettid", turns, call(SYS_gettid, 0, 0));
    TIME("syscall(getpid)", turns, syscall(SYS_getpid));
    TIME("clock_gettime", turns, call(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&time));
    TIME("libc clock_gettime", turns, clock_gettime(CLOCK_MONOTONIC, &time));
    TIME("gettimeofday", turns, call(SYS_gettimeofday, (long)&day, 0));
    TIME("sched_yield", turns / 20, call(SYS_sched_yield, 0, 0));
    TIME("getppid", turns / 20, call(SYS_getppid, 0, 0));
    return 0;
}
