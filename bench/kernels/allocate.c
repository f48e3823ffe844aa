// Allocation: builds and tears down binary trees and lists with malloc and free.
#include "kernel.h"

static const long default_iterations = 60;

struct tree { struct tree *left, *right; uint64_t key; };

static struct tree *insert(struct tree *tree, uint64_t key)
{
    struct tree **at = &tree;
    while (*at) {
        if ((*at)->key == key)
            return tree;
        at = key < (*at)->key ? &(*at)->left : &(*at)->right;
    }
    *at = malloc(sizeof **at);
    **at = (struct tree){ NULL, NULL, key };
    return tree;
}

static uint64_t release(struct tree *tree, int depth)
{
    if (!tree)
        return (uint64_t)depth;
    uint64_t sum = mix(release(tree->left, depth + 1), tree->key) + release(tree->right, depth + 1);
    free(tree);
    return sum;
}

static uint64_t run(long iterations)
{
    uint64_t state = 23, sum = 0;
    for (long round = 0; round < iterations; round++) {
        struct tree *tree = NULL;
        char *lines[500] = { 0 };
        for (int i = 0; i < 20000; i++) {
            uint64_t key = random64(&state) >> 12;
            tree = insert(tree, key);
            char **line = &lines[key % 500];
            size_t size = key % 700 + 8;
            *line = *line ? realloc(*line, size) : malloc(size);
            memset(*line, (int)key, 8);
        }
        for (int i = 0; i < 500; i++) {
            sum += lines[i] ? (unsigned char)lines[i][7] : 0;
            free(lines[i]);
        }
        sum = mix(sum, release(tree, 0));
    }
    return sum;
}
