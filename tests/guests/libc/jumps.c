// setjmp and longjmp over deep frames, with floating-point registers that calls must keep.
#include <setjmp.h>
#include <stdio.h>

static jmp_buf target;

__attribute__((noinline)) static double dive(int depth, double x)
{
    if (depth == 0)
        longjmp(target, 7);
    if (depth < 0)
        return x;
    double y = x * 1.5 + depth;
    return dive(depth - 1, y) + y;
}

int main(void)
{
    volatile int rounds = 0;
    volatile double kept = 0.25;
    int code = setjmp(target);
    if (code == 0 || rounds < 1000) {
        rounds++;
        kept += code;
        dive(rounds % 50, kept);
    }
    printf("%d %d %g\n", code, rounds, kept);

    jmp_buf zero;
    volatile int visits = 0;
    code = setjmp(zero);
    visits++;
    if (visits == 1)
        longjmp(zero, 0); // arrives as 1
    printf("%d %d\n", code, visits);
    return 0;
}
