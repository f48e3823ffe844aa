// Indirect calls: objects of eight kinds in random order, each reached through its table of functions.
#include "kernel.h"

static const long default_iterations = 36000;

struct object;
struct table { uint64_t (*step)(struct object *, uint64_t); uint64_t (*weight)(const struct object *); };
struct object { const struct table *table; uint64_t state; };

#define KIND(name, expression, heaviness)                                                  \
    static uint64_t name##_step(struct object *self, uint64_t x) { return self->state = expression; } \
    static uint64_t name##_weight(const struct object *self) { return heaviness; }         \
    static const struct table name = { name##_step, name##_weight };

KIND(adder, self->state + x, self->state & 7)
KIND(twister, self->state ^ x << 3, 2)
KIND(scaler, self->state * 5 + x, self->state >> 60)
KIND(shifter, (self->state >> 1) + x, 1)
KIND(inverter, ~self->state - x, self->state % 3)
KIND(chooser, x & 1 ? self->state + 3 : x + 7, 4)
KIND(rotator, (self->state << 13 | self->state >> 51) + x, self->state & 1)
KIND(keeper, self->state + (x >> 2), 9)

static const struct table *const kinds[] = { &adder, &twister, &scaler, &shifter, &inverter, &chooser, &rotator, &keeper };

static uint64_t run(long iterations)
{
    enum { count = 1000 };
    static struct object objects[count];
    uint64_t state = 5, x = 1;
    for (int i = 0; i < count; i++)
        objects[i] = (struct object){ kinds[random64(&state) % 8], (uint64_t)i };
    for (long round = 0; round < iterations; round++)
        for (int i = 0; i < count; i++) {
            struct object *object = &objects[i];
            x = object->table->step(object, x) + object->table->weight(object);
        }
    return x;
}
