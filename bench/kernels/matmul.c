// Floating point: products of square matrices of doubles.
#include "kernel.h"

static const long default_iterations = 30;

static uint64_t run(long iterations)
{
    enum { side = 240 };
    static double a[side][side], b[side][side], c[side][side];
    for (int i = 0; i < side; i++)
        for (int j = 0; j < side; j++) {
            a[i][j] = (i * 3 + j) % 17 - 8;
            b[i][j] = (i + j * 5) % 13 / 16.0;
        }
    for (long round = 0; round < iterations; round++) {
        for (int i = 0; i < side; i++)
            for (int j = 0; j < side; j++) {
                double cell = 0;
                for (int k = 0; k < side; k++)
                    cell += a[i][k] * b[k][j];
                c[i][j] = cell;
            }
        for (int i = 0; i < side; i++)
            a[i][(i + round) % side] = c[i][i] / 64;
    }
    uint64_t sum = 0, bits;
    for (int i = 0; i < side; i++) {
        memcpy(&bits, &c[i][side - 1 - i], 8);
        sum = mix(sum, bits);
    }
    return sum;
}
