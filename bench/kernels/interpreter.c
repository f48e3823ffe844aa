// Interpreter-like dispatch: a stack machine with a switch in its loop runs a program that counts Collatz steps.
#include "kernel.h"

static const long default_iterations = 110000;

enum opcode { PUSH, LOAD, STORE, ADD, SUB, MULTIPLY, HALVE, ODD, LESS, EQUAL, JUMP, JUMP_IF_ZERO, DUPLICATE, XOR, HALT };
struct instruction { uint8_t opcode; int32_t operand; };

// variables: 0 = n, 1 = steps, 2 = start, 3 = checksum
static const struct instruction program[] = {
    { LOAD, 2 }, { STORE, 0 },                                                          // n = start
    { LOAD, 0 }, { PUSH, 1 }, { EQUAL, 0 }, { JUMP_IF_ZERO, 7 }, { JUMP, 21 },          // 2: while n != 1
    { LOAD, 0 }, { DUPLICATE, 0 }, { ODD, 0 }, { JUMP_IF_ZERO, 15 },                    // 7: if n is odd
    { PUSH, 3 }, { MULTIPLY, 0 }, { PUSH, 1 }, { ADD, 1 },                              //      n = 3n + 1, then halved
    { HALVE, 0 }, { STORE, 0 }, { LOAD, 1 }, { PUSH, 1 }, { ADD, 0 }, { JUMP, 31 },     // 15: n /= 2, steps + 1
    { LOAD, 3 }, { LOAD, 1 }, { XOR, 0 }, { PUSH, 33 }, { MULTIPLY, 0 }, { STORE, 3 },  // 21: checksum
    { LOAD, 2 }, { PUSH, 1 }, { SUB, 0 }, { JUMP, 33 },                                 // 27: start - 1
    { STORE, 1 }, { JUMP, 2 },                                                          // 31
    { STORE, 2 }, { LOAD, 2 }, { PUSH, 1 }, { LESS, 0 }, { JUMP_IF_ZERO, 0 }, { HALT, 0 } // 33
};

static uint64_t execute(uint64_t start, uint64_t checksum)
{
    uint64_t stack[16], variables[4] = { 0, 0, start, checksum }, *top = stack;
    for (const struct instruction *at = program;; at++)
        switch ((enum opcode)at->opcode) {
        case PUSH: *top++ = (uint64_t)at->operand; break;
        case LOAD: *top++ = variables[at->operand]; break;
        case STORE: variables[at->operand] = *--top; break;
        case ADD: top--; top[-1] += top[0]; break;
        case SUB: top--; top[-1] -= top[0]; break;
        case MULTIPLY: top--; top[-1] *= top[0]; break;
        case XOR: top--; top[-1] ^= top[0]; break;
        case HALVE: top[-1] >>= 1; break;
        case ODD: top[-1] &= 1; break;
        case LESS: top--; top[-1] = top[-1] < top[0]; break;
        case EQUAL: top--; top[-1] = top[-1] == top[0]; break;
        case DUPLICATE: top[0] = top[-1]; top++; break;
        case JUMP: at = program + at->operand - 1; break;
        case JUMP_IF_ZERO:
            if (!*--top)
                at = program + at->operand - 1;
            break;
        case HALT: return variables[3];
        }
}

static uint64_t run(long iterations)
{
    return execute((uint64_t)iterations, 1);
}
