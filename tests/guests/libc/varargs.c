// Variable arguments of mixed kinds, past the argument registers; structures passed and returned by value.
#include <stdarg.h>
#include <stdio.h>

struct small { int a; float b; };
struct pair { double x, y; };
struct big { long values[5]; };

static double add(const char *kinds, ...)
{
    va_list arguments, again;
    double sum = 0;
    va_start(arguments, kinds);
    va_copy(again, arguments);
    for (; *kinds; kinds++)
        switch (*kinds) {
        case 'i': sum += va_arg(arguments, int); break;
        case 'l': sum += va_arg(arguments, long); break;
        case 'd': sum += va_arg(arguments, double); break;
        case 'q': sum += (double)va_arg(arguments, long double); break;
        case 's': { struct small s = va_arg(arguments, struct small); sum += s.a + s.b; break; }
        case 'p': { struct pair p = va_arg(arguments, struct pair); sum += p.x * p.y; break; }
        case 'b': { struct big b = va_arg(arguments, struct big); sum += b.values[4]; break; }
        }
    sum += va_arg(again, int);
    va_end(again);
    va_end(arguments);
    return sum;
}

static struct pair swap(struct pair p, struct small s) { return (struct pair){ p.y + s.a, p.x + s.b }; }

static struct big shift(struct big b, int by)
{
    struct big r;
    for (int i = 0; i < 5; i++)
        r.values[i] = b.values[(i + by) % 5];
    return r;
}

static long many(long a, int b, short c, char d, unsigned e, float f, double g, long h, long i, int j, double k, long l)
{
    return a + 2 * b + 3 * c + 4 * d + 5 * e + (long)(6 * f + 7 * g) + 8 * h + 9 * i + 10 * j + (long)(11 * k) + 12 * l;
}

int main(void)
{
    struct small s = { 3, 0.5f };
    struct pair p = { 2, 3.25 };
    struct big b = { { 10, 20, 30, 40, 50 } };
    printf("%g\n", add("ildqspbiiiiddddl", 1, 2L, 3.5, 4.25L, s, p, b, 5, 6, 7, 8, 0.5, 0.25, 0.125, 0.0625, 9L));
    struct pair r = swap(p, s);
    printf("%g %g\n", r.x, r.y);
    b = shift(b, 3);
    printf("%ld %ld\n", b.values[0], b.values[4]);
    printf("%ld\n", many(1, -2, 3, -4, 5, 6.5f, 7.5, 8, 9, 10, 11.5, -12));
    return 0;
}
