// Floating point: five bodies attract each other, in double precision with square roots and divisions.
#include "kernel.h"
#include <math.h>

static const long default_iterations = 1600000;

struct body { double x, y, z, vx, vy, vz, mass; };

static uint64_t run(long iterations)
{
    static struct body bodies[5] = {
        { 0, 0, 0, 0, 0, 0, 39.5 },
        { 4.84, -1.16, -0.10, 0.606, 2.81, -0.02, 0.0377 },
        { 8.34, 4.12, -0.4, -1.01, 1.82, 0.008, 0.0113 },
        { 12.9, -15.1, -0.22, 1.08, 0.868, -0.01, 0.0017 },
        { 15.4, -25.9, 0.18, 0.979, 0.594, -0.034, 0.002 },
    };
    const double dt = 0.01;
    for (long step = 0; step < iterations; step++) {
        for (int i = 0; i < 5; i++)
            for (int j = i + 1; j < 5; j++) {
                struct body *a = &bodies[i], *b = &bodies[j];
                double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
                double square = dx * dx + dy * dy + dz * dz;
                double pull = dt / (square * sqrt(square));
                a->vx -= dx * b->mass * pull;
                a->vy -= dy * b->mass * pull;
                a->vz -= dz * b->mass * pull;
                b->vx += dx * a->mass * pull;
                b->vy += dy * a->mass * pull;
                b->vz += dz * a->mass * pull;
            }
        for (int i = 0; i < 5; i++) {
            bodies[i].x += dt * bodies[i].vx;
            bodies[i].y += dt * bodies[i].vy;
            bodies[i].z += dt * bodies[i].vz;
        }
    }
    uint64_t sum = 0, bits;
    for (int i = 0; i < 5; i++) {
        memcpy(&bits, &bodies[i].x, 8);
        sum = mix(sum, bits);
    }
    return sum;
}
