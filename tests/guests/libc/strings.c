// The C library's string, memory, sorting and searching functions, against plain loops.
#define _GNU_SOURCE
#include "mix.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static int by_text(const void *a, const void *b) { return strcmp(a, b); }

static void sorting(void)
{
    enum { count = 5000 };
    static uint64_t values[count];
    static char words[count][12];
    uint64_t state = 3, sum = 0;
    for (int i = 0; i < count; i++) {
        values[i] = random64(&state) >> (i % 50);
        snprintf(words[i], sizeof words[i], "%llx", (unsigned long long)(values[i] & 0xffffffff));
    }
    qsort(values, count, sizeof *values, by_value);
    qsort(words, count, sizeof *words, by_text);
    for (int i = 1; i < count; i++) {
        if (values[i - 1] > values[i] || strcmp(words[i - 1], words[i]) > 0)
            printf("unsorted at %d\n", i);
        sum = mix(sum, values[i] + (unsigned char)words[i][0]);
    }
    uint64_t *found = bsearch(&values[1234], values, count, sizeof *values, by_value);
    printf("sorted %016llx, found %d\n", (unsigned long long)sum, found && *found == values[1234]);
}

static void blocks(void)
{
    static unsigned char a[600], b[600], plain[600];
    uint64_t state = 9;
    int wrong = 0;
    for (int round = 0; round < 2000; round++) {
        uint64_t r = random64(&state);
        size_t from = r % 64, to = r >> 8 & 63, length = (r >> 16) % 500;
        for (int i = 0; i < 600; i++)
            a[i] = b[i] = plain[i] = (unsigned char)(i * 7 + round);
        memmove(a + to, a + from, length);
        for (size_t i = 0; i < length; i++)
            plain[to + i] = b[from + i];
        wrong += memcmp(a, plain, 600) != 0;
        memcpy(a + to, b + from, length);
        wrong += memcmp(a + to, b + from, length) != 0;
        memset(a + to, round, length);
        for (size_t i = 0; i < length; i++)
            wrong += a[to + i] != (unsigned char)round;
        a[to + length] = (unsigned char)(round + 1);
        wrong += memchr(a + to, (unsigned char)(round + 1), length + 1) != a + to + length;
    }
    printf("blocks wrong: %d\n", wrong);
}

static void texts(void)
{
    static char text[400];
    int wrong = 0;
    for (int start = 0; start < 16; start++)
        for (int length = 0; length < 200; length++) {
            memset(text, 'x', sizeof text);
            text[start + length] = 0;
            wrong += strlen(text + start) != (size_t)length;
            wrong += strchr(text + start, 0) != text + start + length;
            wrong += strnlen(text + start, 100) != (size_t)(length < 100 ? length : 100);
            if (length) {
                text[start + length - 1] = 'y';
                wrong += strchr(text + start, 'y') != text + start + length - 1;
                wrong += strrchr(text + start, 'y') != text + start + length - 1;
            }
        }
    printf("texts wrong: %d\n", wrong);
    char buffer[64] = "alpha,beta;;gamma", *rest = buffer;
    for (char *part; (part = strsep(&rest, ",;"));)
        printf("<%s>", part);
    strcpy(buffer, "The Quick");
    strcat(buffer, " Brown Fox");
    for (char *c = buffer; *c; c++)
        *c = isupper((unsigned char)*c) ? tolower(*c) : toupper(*c);
    printf(" %s %s %zu %zu %d\n", buffer, strstr(buffer, "bROWN"), strspn("aabbc", "ab"), strcspn("aabbc", "c"),
           strcasecmp("ABC", "abc"));
}

int main(void)
{
    sorting();
    blocks();
    texts();
    return 0;
}
