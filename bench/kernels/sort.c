// Sorting: quicksort, heapsort and the C library's qsort with a comparison function, over fresh random numbers.
#include "kernel.h"

static const long default_iterations = 16;

static void quick(int64_t *a, long low, long high)
{
    while (low < high) {
        int64_t pivot = a[low + (high - low) / 2];
        long i = low, j = high;
        while (i <= j) {
            while (a[i] < pivot)
                i++;
            while (a[j] > pivot)
                j--;
            if (i <= j) {
                int64_t kept = a[i];
                a[i++] = a[j];
                a[j--] = kept;
            }
        }
        if (j - low < high - i) {
            quick(a, low, j);
            low = i;
        } else {
            quick(a, i, high);
            high = j;
        }
    }
}

static void sift(int64_t *a, long at, long count)
{
    int64_t value = a[at];
    for (long child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && a[child + 1] > a[child])
            child++;
        if (a[child] <= value)
            break;
        a[at] = a[child];
    }
    a[at] = value;
}

static void heap(int64_t *a, long count)
{
    for (long i = count / 2; i-- > 0;)
        sift(a, i, count);
    for (long i = count; i-- > 1;) {
        int64_t kept = a[0];
        a[0] = a[i];
        a[i] = kept;
        sift(a, 0, i);
    }
}

static int compare(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

static uint64_t run(long iterations)
{
    enum { count = 60000 };
    static int64_t a[count], b[count], c[count];
    uint64_t state = 17, sum = 0;
    for (long round = 0; round < iterations; round++) {
        for (int i = 0; i < count; i++)
            a[i] = b[i] = c[i] = (int64_t)random64(&state) >> 20;
        quick(a, 0, count - 1);
        heap(b, count);
        qsort(c, count, sizeof *c, compare);
        for (int i = 0; i < count; i += 100)
            sum = mix(sum, (uint64_t)(a[i] + 3 * b[i] + 5 * c[i]));
    }
    return sum;
}
