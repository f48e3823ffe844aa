// The shortest way into the kernel and back, N times.
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 1000, sum = 0;
    for (long i = 0; i < count; i++)
        sum += syscall(SYS_getppid);
    printf("%ld calls, parent %ld\n", count, sum / count);
    return 0;
}
