// Integer: what embedded benchmarks mix - a linked list searched and reversed, a small matrix, a state machine over
// text, and a CRC over the results.
#include "kernel.h"

static const long default_iterations = 40000;

struct node { struct node *next; int16_t key, value; };

enum { nodes = 256, side = 16 };
static struct node pool[nodes];

static uint16_t crc16(uint16_t crc, uint16_t value)
{
    for (int bit = 0; bit < 16; bit++) {
        int carry = (crc ^ value) & 1;
        crc >>= 1;
        value >>= 1;
        if (carry)
            crc ^= 0xa001;
    }
    return crc;
}

static struct node *reverse(struct node *list)
{
    struct node *done = NULL;
    while (list) {
        struct node *next = list->next;
        list->next = done;
        done = list;
        list = next;
    }
    return done;
}

static int find(const struct node *list, int key)
{
    int steps = 0;
    for (; list && list->key != key; list = list->next)
        steps++;
    return steps;
}

static int matrix(int seed)
{
    static int16_t a[side][side], b[side][side];
    int sum = 0;
    for (int i = 0; i < side; i++)
        for (int j = 0; j < side; j++) {
            a[i][j] = (int16_t)(seed + i * j);
            b[i][j] = (int16_t)(seed - i + j);
        }
    for (int i = 0; i < side; i++)
        for (int j = 0; j < side; j++) {
            int cell = 0;
            for (int k = 0; k < side; k++)
                cell += a[i][k] * b[k][j];
            sum += cell >> (j & 3);
        }
    return sum;
}

// Counts the words of a text that are integers, decimals and neither.
static int classify(const char *text)
{
    enum { start, digits, fraction, other } state = start;
    int counts[4] = { 0 };
    for (; *text; text++) {
        char c = *text;
        if (c == ' ') {
            counts[state]++;
            state = start;
            continue;
        }
        switch (state) {
        case start: state = c >= '0' && c <= '9' ? digits : c == '.' ? fraction : other; break;
        case digits: state = c >= '0' && c <= '9' ? digits : c == '.' ? fraction : other; break;
        case fraction: state = c >= '0' && c <= '9' ? fraction : other; break;
        case other: break;
        }
    }
    return counts[digits] * 100 + counts[fraction] * 10 + counts[other];
}

static uint64_t run(long iterations)
{
    static char text[] = "512 3.14 x9 77 .5 1.2.3 abc 900 0 12e4 6.02 -5 hello 42 7. 1 ";
    for (int i = 0; i < nodes; i++)
        pool[i] = (struct node){ i + 1 < nodes ? &pool[i + 1] : NULL, (int16_t)(i * 37 % nodes), (int16_t)i };
    struct node *list = pool;
    uint16_t crc = 0;
    for (long round = 0; round < iterations; round++) {
        list = reverse(list);
        for (int key = 0; key < 16; key++)
            crc = crc16(crc, (uint16_t)find(list, (int)((round * 16 + key) % nodes)));
        crc = crc16(crc, (uint16_t)matrix((int)round));
        text[round % 60] ^= 1;
        if (text[round % 60] == 0)
            text[round % 60] = '1';
        crc = crc16(crc, (uint16_t)classify(text));
    }
    return crc;
}
