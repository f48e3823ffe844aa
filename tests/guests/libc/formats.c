// printf and scanf in most of their formats, and conversions from and to text.
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

int main(void)
{
    printf("[%d] [%5d] [%-5d] [%05d] [%+d] [% d]\n", 42, 42, 42, 42, 42, 42);
    printf("[%u] [%x] [%#X] [%o] [%#o] [%hhd] [%hd]\n", UINT_MAX, 48879, 48879, 8, 8, 300, 70000);
    printf("[%lld] [%llu] [%zx] [%jd]\n", LLONG_MIN, ULLONG_MAX, sizeof(long), INTMAX_MAX);
    printf("[%f] [%.0f] [%10.3f] [%-10.2f] [%+.1e] [%g] [%G] [%a]\n", 3.14159265, 2.5, 2.71828, 1.005, 12345.678,
           0.0001, 1e-10, 1.0 / 3);
    printf("[%.17g] [%.30f] [%g] [%g] [%g]\n", 0.1, 0.1, 1.0 / 0.0, -1.0 / 0.0, 1e300 * 1e300 * 0);
    printf("[%Lf] [%.20Lg] [%Le]\n", 1.5L, 1.0L / 3, 1e4000L);
    printf("[%s] [%.3s] [%10s] [%-10s] [%c] [%%] [%*d] [%.*f]\n", "text", "text", "text", "text", 'x', 6, 7, 2, 1.239);
    int count;
    printf("counted%n", &count);
    printf(" %d\n", count);

    int i, fields;
    unsigned hex;
    long long wide;
    double real;
    float single;
    char word[16], set[16], letter;
    fields = sscanf("  -17 0xbeef 9223372036854775807 2.5e-3 1e10 word abc123 z", "%d %x %lld %lf %f %15s %15[a-c]123 %c", &i,
                    &hex, &wide, &real, &single, word, set, &letter);
    printf("%d: %d %x %lld %g %g %s %s %c\n", fields, i, hex, wide, real, single, word, set, letter);
    fields = sscanf("12:34", "%2d:%3d%n", &i, (int *)&hex, &count);
    printf("%d: %d %u %d\n", fields, i, hex, count);
    printf("%d %d\n", sscanf("x", "%d", &i), sscanf("", "%d", &i));

    char *end;
    printf("%ld %s\n", strtol("0777rest", &end, 0), end);
    printf("%" PRIu64 " %" PRId64 "\n", (uint64_t)strtoull("-1", NULL, 10), (int64_t)strtoll("-8000000000000000", NULL, 16));
    static const char *const reals[] = { "4.9e-324", "1.7976931348623157e308", "1e309", "0x1.8p1", "-inf", "2.2250738585072011e-308",
                                         "123456789012345678901234567890", "0.1000000000000000055511151231257827" };
    for (unsigned n = 0; n < sizeof reals / sizeof *reals; n++)
        printf("%a %a\n", strtod(reals[n], NULL), (double)strtof(reals[n], NULL));

    wchar_t wide_text[32];
    swprintf(wide_text, 32, L"%ls-%d", L"wide", 5);
    printf("%ls %zu\n", wide_text, wcslen(wide_text));
    return 0;
}
