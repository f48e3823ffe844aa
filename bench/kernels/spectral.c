// Floating point: the spectral norm of an infinite matrix by the power method; conversions and divisions, in single
// precision for one of the two vectors.
#include "kernel.h"

static const long default_iterations = 75;

enum { side = 1000 };

static double element(int i, int j) { return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1); }

static uint64_t run(long iterations)
{
    static double v[side];
    static float u[side];
    for (int i = 0; i < side; i++)
        v[i] = 1;
    for (long round = 0; round < iterations; round++) {
        double largest = 0;
        for (int i = 0; i < side; i++) {
            double cell = 0;
            for (int j = 0; j < side; j++)
                cell += element(i, j) * v[j];
            u[i] = (float)cell;
        }
        for (int i = 0; i < side; i++) {
            double cell = 0;
            for (int j = 0; j < side; j++)
                cell += element(j, i) * u[j];
            v[i] = cell;
            largest = cell > largest ? cell : largest;
        }
        for (int i = 0; i < side; i++)
            v[i] /= largest;
    }
    uint64_t sum = 0, bits;
    for (int i = 0; i < side; i++) {
        memcpy(&bits, &v[i], 8);
        sum = mix(sum, bits);
    }
    return sum;
}
