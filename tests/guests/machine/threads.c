// N threads that compute the same, and add to one counter atomically now and then: with as many harts they take as long as one.
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t total;

static void *work(void *unused)
{
    uint64_t state = 88172645463325252;
    for (int i = 0; i < 200000000; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        if ((i & 0x3fff) == 0)
            __atomic_add_fetch(&total, state & 0xff, __ATOMIC_SEQ_CST);
    }
    return unused;
}

int main(int argc, char **argv)
{
    enum { most = 64 };
    int count = argc > 1 ? atoi(argv[1]) : 2;
    pthread_t threads[most];
    if (count < 1 || count > most)
        return 1;
    for (int i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, work, NULL))
            return 1;
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    printf("%d threads, sum %llu\n", count, (unsigned long long)total);
    return 0;
}
