// Processes that are made and end at once, one after the other: page tables copied, written to, dropped.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 10, good = 0;
    for (long i = 0; i < count; i++) {
        pid_t child = fork();
        if (child == 0)
            _exit((int)(i & 0x7f));
        int status;
        good += child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == (i & 0x7f);
    }
    printf("%ld of %ld processes\n", good, count);
    return good != count;
}
