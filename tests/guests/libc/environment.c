// What a program learns about its surroundings: arguments, environment, auxiliary vector, identity, time. Prints only
// what is the same on every run (variables named GUEST_* and truths about the rest).
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static void after_main(void) { puts("atexit ran"); }

int main(int argc, char **argv)
{
    extern char **environ;
    atexit(after_main);
    printf("%d arguments\n", argc - 1);
    for (int i = 1; i < argc; i++)
        printf("%d: [%s]\n", i, argv[i]);
    int variables = 0;
    for (char **variable = environ; *variable; variable++)
        variables += strncmp(*variable, "GUEST_", 6) == 0;
    printf("%d variables, GUEST_A=%s\n", variables, getenv("GUEST_A") ? getenv("GUEST_A") : "(none)");

    printf("page size %lu %ld\n", getauxval(AT_PAGESZ), sysconf(_SC_PAGESIZE));
    printf("hwcap imafdc %d\n", (getauxval(AT_HWCAP) & 0x112d) == 0x112d);
    printf("entry %d, headers %d, random %d, secure %lu, clock %lu\n", getauxval(AT_ENTRY) != 0, getauxval(AT_PHDR) != 0,
           getauxval(AT_RANDOM) != 0, getauxval(AT_SECURE), getauxval(AT_CLKTCK));
    const char *name = (const char *)getauxval(AT_EXECFN), *slash = strrchr(argv[0], '/');
    printf("name %d\n", name && strstr(name, slash ? slash + 1 : argv[0]) != NULL);
    printf("identity %d %d %d\n", getauxval(AT_UID) == getuid(), getauxval(AT_EGID) == getegid(), getpid() > 1);

    struct utsname system;
    uname(&system);
    printf("uname %s %s\n", system.sysname, system.machine);
    struct rlimit limit;
    getrlimit(RLIMIT_STACK, &limit);
    printf("stack limit %d\n", limit.rlim_cur >= 1 << 20);
    unsigned char noise[32] = { 0 }, none[32] = { 0 };
    ssize_t drawn = getrandom(noise, sizeof noise, 0);
    printf("getrandom %zd %d\n", drawn, memcmp(noise, none, sizeof noise) != 0);

    struct timespec before, after, pause = { 0, 2000000 };
    struct timeval now;
    clock_gettime(CLOCK_MONOTONIC, &before);
    printf("nanosleep %d\n", nanosleep(&pause, NULL));
    clock_gettime(CLOCK_MONOTONIC, &after);
    long nanoseconds = (after.tv_sec - before.tv_sec) * 1000000000L + after.tv_nsec - before.tv_nsec;
    printf("slept %d, day %d, clock %d\n", nanoseconds >= 2000000, time(NULL) > 1600000000, clock() != -1);
    gettimeofday(&now, NULL);
    printf("gettimeofday %d\n", labs((long)(now.tv_sec - time(NULL))) <= 1);
    time_t moment = 86400 * 365;
    struct tm parts;
    char text[64];
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S %a", gmtime_r(&moment, &parts));
    printf("%s\n", text);
    struct stat status;
    printf("stdin is %s\n", fstat(0, &status) ? strerror(errno) : "open");
    fflush(stdout);
    fprintf(stderr, "to standard error\n");
    return 42;
}
