// System calls that translated code makes itself once they are hot: a thousand times each, with good and with bad pointers.
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { turns = 1000 };

static long long nanoseconds(struct timespec t) { return t.tv_sec * 1000000000LL + t.tv_nsec; }

int main(void)
{
    int bad = 0;
    for (int i = 0; i < turns; i++)
        bad += getpid() != syscall(SYS_getpid) || syscall(SYS_gettid) != getpid();
    printf("numbers %d\n", bad);

    struct timespec last = {0}, now;
    struct timeval day;
    bad = 0;
    for (int i = 0; i < turns; i++)
    {
        bad += syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now) != 0 || nanoseconds(now) < nanoseconds(last);
        last = now;
        bad += syscall(SYS_gettimeofday, &day, 0) != 0 || syscall(SYS_clock_gettime, CLOCK_REALTIME, &now) != 0 || day.tv_sec > now.tv_sec;
    }
    printf("clocks %d\n", bad);

    bad = 0;
    for (int i = 0; i < turns / 20; i++)
        bad += sched_yield() != 0;
    printf("yields %d\n", bad);

    // The same sites: nothing there, may not be written, across the end of what is there, outside of all memory; and no such clock.
    char *page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(page + 4096, 4096);
    void *const pointers[] = {(void *)16, (void *)main, page + 4088, page + 4096, (void *)(1UL << 46), (void *)-1, (void *)-4096};
    bad = 0;
    for (int i = 0; i < turns; i++)
        for (unsigned p = 0; p < sizeof pointers / sizeof *pointers; p++)
        {
            errno = 0;
            bad += syscall(SYS_clock_gettime, CLOCK_MONOTONIC, pointers[p]) != -1 || errno != EFAULT;
            errno = 0;
            bad += syscall(SYS_gettimeofday, pointers[p], 0) != -1 || errno != EFAULT;
        }
    errno = 0;
    bad += syscall(SYS_clock_gettime, 99, &now) != -1 || errno != EINVAL;
    bad += syscall(SYS_gettimeofday, 0, 0) != 0;
    bad += syscall(SYS_clock_gettime, CLOCK_MONOTONIC, page + 4080) != 0;
    printf("pointers %d\n", bad);
    return 0;
}
