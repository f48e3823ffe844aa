// For programs in M mode with nothing around them: they try pieces of code in any mode and print which trap ended each.
#pragma once

typedef unsigned long word;

enum { U = 0, S = 1, M = 3 };

struct trap {
    word handler, cause, pc, value, result;
};

extern struct trap last;

// A piece of code: its argument is in a0, its result there when it ends, which is an ecall.
#define PIECE(name, text) asm(".balign 64\n" #name ":\n" text "\necall\n"); extern char name[]

#define READ(csr) ({ word value; asm volatile("csrr %0, " #csr : "=r"(value)); value; })
#define WRITE(csr, value) asm volatile("csrw " #csr ", %0" : : "r"((word)(value)) : "memory")
#define SET(csr, value) asm volatile("csrs " #csr ", %0" : : "r"((word)(value)) : "memory")
#define CLEAR(csr, value) asm volatile("csrc " #csr ", %0" : : "r"((word)(value)) : "memory")

// U mode sees all of RAM here while pages are on, the other modes where it is.
#define ALIAS 0x40000000UL

// Runs a piece until it traps; what came of it is in `last`.
void run(word mode, const void *piece, word argument);

void print(const char *text);
void print_number(word number);

// Runs a piece and prints a line about it.
void try(const char *name, word mode, const void *piece, word argument);
