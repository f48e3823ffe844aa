// Context switches: two processes send a byte to and fro through pipes, N times each way.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void pass(int from, int to, long count, int starts)
{
    char byte = 0;
    for (long i = 0; i < count; i++) {
        if (starts && write(to, &byte, 1) != 1)
            _exit(1);
        if (read(from, &byte, 1) != 1)
            _exit(1);
        if (!starts && write(to, &byte, 1) != 1)
            _exit(1);
    }
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 1000;
    int there[2], back[2], status;
    if (pipe(there) || pipe(back))
        return 1;
    pid_t child = fork();
    if (child < 0)
        return 1;
    if (child == 0) {
        pass(there[0], back[1], count, 0);
        _exit(0);
    }
    pass(back[0], there[1], count, 1);
    if (waitpid(child, &status, 0) != child || status != 0)
        return 1;
    printf("%ld switches\n", 2 * count);
    return 0;
}
