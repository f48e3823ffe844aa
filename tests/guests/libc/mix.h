// Inputs and checksums that several guests share.
#pragma once
#include <stddef.h>
#include <stdint.h>

// A small generator of repeatable numbers (xorshift64*).
static inline uint64_t random64(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1d;
}

// Folds a value into a running checksum (FNV-1a over 64-bit words).
static inline uint64_t mix(uint64_t sum, uint64_t value) { return (sum ^ value) * 0x100000001b3; }
