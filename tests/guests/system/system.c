#include "system.h"

struct trap last;
word saved[14];
char stack[4096] __attribute__((aligned(16)));

// Handlers abandon the piece. S mode's passes on to M mode's by an ecall whose cause nobody asks for.
asm(".section .text.start, \"ax\"\n"
    ".globl _start\n"
    "_start: csrr t0, mhartid\n"
    "1: bnez t0, 1b\n"
    " la sp, stack + 4096\n"
    " la t0, m_handler\n"
    " csrw mtvec, t0\n"
    " la t0, s_handler\n"
    " csrw stvec, t0\n"
    " la t0, last\n"
    " csrw sscratch, t0\n"
    " call main\n"
    " li t0, 0x100000\n"
    " li t1, 0x5555\n"
    " sw t1, 0(t0)\n"
    "2: j 2b\n"
    ".text\n"
    ".globl run\n"
    "run: la t0, saved\n"
    " sd ra, 0(t0)\n sd sp, 8(t0)\n sd s0, 16(t0)\n sd s1, 24(t0)\n sd s2, 32(t0)\n sd s3, 40(t0)\n sd s4, 48(t0)\n"
    " sd s5, 56(t0)\n sd s6, 64(t0)\n sd s7, 72(t0)\n sd s8, 80(t0)\n sd s9, 88(t0)\n sd s10, 96(t0)\n sd s11, 104(t0)\n"
    " la t0, last\n"
    " sd zero, 0(t0)\n"
    " csrw mscratch, t0\n"
    " csrw mepc, a1\n"
    " li t0, 3 << 11\n"
    " csrc mstatus, t0\n"
    " slli t0, a0, 11\n"
    " csrs mstatus, t0\n"
    " mv a0, a2\n"
    " mret\n"
    // In vectored mode interrupts go to entries of their own: 16 times a jump, which record like the first.
    ".balign 256\n"
    ".globl m_handler\n"
    "m_handler: .option push\n.option norvc\n"
    ".rept 16\n j 1f\n.endr\n"
    ".option pop\n"
    "1: csrrw t0, mscratch, t0\n"
    " sd t1, 40(t0)\n"
    " ld t1, 0(t0)\n"
    " bnez t1, 2f\n"
    " li t1, 3\n sd t1, 0(t0)\n"
    " csrr t1, mcause\n sd t1, 8(t0)\n csrr t1, mepc\n sd t1, 16(t0)\n csrr t1, mtval\n sd t1, 24(t0)\n sd a0, 32(t0)\n"
    "2: la t0, saved\n"
    " ld ra, 0(t0)\n ld sp, 8(t0)\n ld s0, 16(t0)\n ld s1, 24(t0)\n ld s2, 32(t0)\n ld s3, 40(t0)\n ld s4, 48(t0)\n"
    " ld s5, 56(t0)\n ld s6, 64(t0)\n ld s7, 72(t0)\n ld s8, 80(t0)\n ld s9, 88(t0)\n ld s10, 96(t0)\n ld s11, 104(t0)\n"
    " ret\n"
    ".balign 256\n"
    ".globl s_handler\n"
    "s_handler: .option push\n.option norvc\n"
    ".rept 16\n j 1f\n.endr\n"
    ".option pop\n"
    "1: csrr t0, sscratch\n"
    " li t1, 1\n sd t1, 0(t0)\n"
    " csrr t1, scause\n sd t1, 8(t0)\n csrr t1, sepc\n sd t1, 16(t0)\n csrr t1, stval\n sd t1, 24(t0)\n sd a0, 32(t0)\n"
    " ecall\n");

void print(const char *text)
{
    while (*text)
        *(volatile char *)0x10000000 = *text++;
}

void print_number(word number)
{
    char text[17], *first = text + 16;
    *first = 0;
    do {
        *--first = "0123456789abcdef"[number & 15];
        number >>= 4;
    } while (number);
    print(first);
}

void try(const char *name, word mode, const void *piece, word argument)
{
    run(mode, piece, argument);
    word offset = last.pc - (word)piece;
    print(name);
    print(mode == M ? " M" : mode == S ? " S" : " U");
    print(last.handler == M ? ": to M, cause " : ": to S, cause ");
    print_number(last.cause);
    print(offset < 64 ? ", at +" : ", at ");
    print_number(offset < 64 ? offset : last.pc);
    offset = last.value - (word)piece;
    print(offset < 64 ? ", value +" : ", value ");
    print_number(offset < 64 ? offset : last.value);
    print("\n");
}
