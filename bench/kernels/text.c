// Strings: splits a generated text into words, counts them in a hash table, searches and converts numbers.
#include "kernel.h"
#include <ctype.h>

static const long default_iterations = 500;

enum { text_size = 1 << 16, buckets = 4096 };

struct word { const char *start; uint32_t length, count; };

static uint64_t run(long iterations)
{
    static char text[text_size + 1], upper[64];
    static struct word table[buckets];
    uint64_t state = 11, sum = 0;
    for (int i = 0; i < text_size; i++) {
        uint64_t r = random64(&state) >> 40;
        text[i] = r % 5 == 0 ? ' ' : r % 7 == 0 ? (char)('0' + r / 7 % 10) : (char)('a' + r / 35 % 4);
    }
    for (long round = 0; round < iterations; round++) {
        memset(table, 0, sizeof table);
        text[round * 7919 % text_size] = (char)('a' + round % 26);
        for (const char *at = text; *at;) {
            const char *start = at;
            uint32_t hash = 5381;
            while (*at && *at != ' ')
                hash = hash * 33 + (unsigned char)*at++;
            uint32_t length = (uint32_t)(at - start);
            if (*at)
                at++;
            if (!length)
                continue;
            uint32_t slot = (hash ^ hash >> 15) % buckets;
            for (int tries = 0; tries < 64; tries++, slot = (slot + 1) % buckets) {
                struct word *word = &table[slot];
                if (!word->count)
                    *word = (struct word){ start, length, 0 };
                if (word->length == length && memcmp(word->start, start, length) == 0) {
                    word->count++;
                    break;
                }
            }
            if (isdigit((unsigned char)*start))
                sum += strtoul(start, NULL, 10);
        }
        for (int i = 0; i < buckets; i++)
            if (table[i].count > 3 && table[i].length < sizeof upper) {
                for (uint32_t j = 0; j < table[i].length; j++)
                    upper[j] = (char)toupper((unsigned char)table[i].start[j]);
                upper[table[i].length] = 0;
                sum = mix(sum, table[i].count * 31 + strlen(upper) + (unsigned char)upper[0]);
            }
        const char *found = strstr(text, "abcd");
        sum += found ? (uint64_t)(found - text) : 0;
    }
    return sum;
}
