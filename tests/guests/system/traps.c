// Exceptions, what may be done in which mode, delegation, interrupts and their order.
#include "system.h"

PIECE(nothing, "");
PIECE(illegal, "nop\n .word 0xffffffff");
PIECE(illegal_short, ".half 0");
PIECE(breakpoint, ".option push\n.option norvc\nnop\nebreak\n.option pop");
PIECE(load, "ld a0, 0(a0)");
PIECE(store, "sd a0, 0(a0)");
PIECE(jump, "jr a0");
PIECE(add_atomically, "amoadd.d a0, a0, (a0)");
PIECE(reserve, "lr.w a0, (a0)");
PIECE(store_conditionally, "sc.w a0, a0, (a0)");
PIECE(return_from_m, "mret");
PIECE(return_from_s, "sret");
PIECE(wait, "wfi");
PIECE(fence_translations, "sfence.vma");
PIECE(invalidate, ".word 0x16000073");
PIECE(read_satp, "csrr a0, satp");
PIECE(read_cycle, "rdcycle a0\nli a0, 0");
PIECE(read_instret, "rdinstret a0\nli a0, 0");
PIECE(read_time, "rdtime a0\nli a0, 0");
PIECE(write_cycle, "csrw cycle, zero");
PIECE(write_hart, "csrw mhartid, zero");
PIECE(set_nothing, "csrs cycle, zero\nli a0, 0");
PIECE(float_move, "fmv.d.x fa0, zero");
PIECE(read_rounding, "frrm a0");
PIECE(enable_s, "nop\ncsrsi sstatus, 2\nnop");
PIECE(clear_block, ".word 0x0045200f");
PIECE(clean_block, ".word 0x0015200f");
PIECE(generated, "nop\nnop\nnop");

static const word modes[] = { U, S, M };

static void exceptions(void)
{
    for (int i = 0; i < 3; i++) {
        word mode = modes[i];
        try("ecall", mode, nothing, 0);
        try("illegal", mode, illegal, 0);
        try("illegal of 2 bytes", mode, illegal_short, 0);
        try("ebreak", mode, breakpoint, 0);
        try("load from nowhere", mode, load, 0x50);
        try("store to nowhere", mode, store, 0x50);
        try("jump to nowhere", mode, jump, 0x50);
        try("jump to an odd address", mode, jump, (word)nothing + 1);
        try("atomic at nowhere", mode, add_atomically, 0x50);
        try("atomic misaligned", mode, add_atomically, (word)&last + 1);
        try("reservation misaligned", mode, reserve, (word)&last + 2);
        try("conditional misaligned", mode, store_conditionally, (word)&last + 2);
        try("load misaligned", mode, load, (word)&last + 3);
        try("mret", mode, return_from_m, 0);
        try("sfence.vma", mode, fence_translations, 0);
        try("sinval.vma", mode, invalidate, 0);
        try("satp", mode, read_satp, 0);
        try("write cycle", mode, write_cycle, 0);
        try("write mhartid", mode, write_hart, 0);
        try("set nothing of cycle", mode, set_nothing, 0);
    }
    try("sret", U, return_from_s, 0);
}

static void switches(void)
{
    static const struct { const char *name; word bit; const void *piece; } traps[] = {
        { "TVM, satp", 1 << 20, read_satp }, { "TVM, sfence.vma", 1 << 20, fence_translations }, { "TVM, sinval.vma", 1 << 20, invalidate },
        { "TSR, sret", 1 << 22, return_from_s }, { "TW, wfi", 1 << 21, wait },
    };
    for (unsigned i = 0; i < sizeof traps / sizeof *traps; i++) {
        SET(mstatus, traps[i].bit);
        try(traps[i].name, S, traps[i].piece, 0);
        CLEAR(mstatus, traps[i].bit);
    }
    for (word enabled = 0; enabled < 64; enabled++) {
        WRITE(mcounteren, enabled & 7);
        WRITE(scounteren, enabled >> 3);
        print("counters ");
        print_number(enabled);
        for (word mode = U; mode <= S; mode++) {
            static const void *const reads[] = { read_cycle, read_time, read_instret };
            for (int i = 0; i < 3; i++) {
                run(mode, reads[i], 0);
                print(last.cause == 2 ? " 2" : " -");
            }
        }
        print("\n");
    }
    WRITE(mcounteren, 0);
    for (int i = 0; i < 3; i++) {
        try("FS off", modes[i], float_move, 0);
        try("FS off, frm", modes[i], read_rounding, 0);
    }
    SET(mstatus, 3 << 13);
    try("FS on", U, float_move, 0);
    for (int enabled = 0; enabled < 4; enabled++) {
        WRITE(0x30a, enabled & 1 ? 3 << 4 | 1 << 6 | 1 << 7 : 0);
        WRITE(0x10a, enabled & 2 ? 3 << 4 | 1 << 6 | 1 << 7 : 0);
        print(enabled & 1 ? "menvcfg " : "- ");
        print(enabled & 2 ? "senvcfg\n" : "-\n");
        for (int i = 0; i < 3; i++) {
            try("cbo.zero", modes[i], clear_block, (word)&last + 256);
            try("cbo.clean", modes[i], clean_block, (word)&last + 256);
        }
    }
}

// Each register in each mode: - when it can be read.
static void registers(void)
{
    static const unsigned short numbers[] = {
        0x001, 0x002, 0x003, 0x100, 0x104, 0x105, 0x106, 0x10a, 0x140, 0x141, 0x142, 0x143, 0x144, 0x180, 0x300, 0x301, 0x302, 0x303, 0x304, 0x305,
        0x306, 0x30a, 0x320, 0x323, 0x33f, 0x340, 0x341, 0x342, 0x343, 0x344, 0x3a0, 0x3a2, 0x3b0, 0x3bf, 0xb00, 0xb02, 0xb03, 0xb1f, 0xc00, 0xc01,
        0xc02, 0xf11, 0xf12, 0xf13, 0xf14, 0x3a1, 0x5c0, 0x8ff, 0xcc0, 0xfc0, 0x000,
    };
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        // csrr a0, NUMBER; li a0, 0
        ((volatile unsigned *)generated)[0] = (unsigned)numbers[i] << 20 | 0x2573;
        ((volatile unsigned *)generated)[1] = 0x513;
        ((volatile unsigned *)generated)[2] = 0x73;
        asm volatile("fence.i");
        print("register ");
        print_number(numbers[i]);
        for (int mode = 0; mode < 3; mode++) {
            run(modes[mode], generated, 0);
            print(last.cause == 2 ? " 2" : " -");
        }
        print("\n");
    }
}

static void delegation(void)
{
    WRITE(medeleg, 0xb1ff);
    for (int i = 0; i < 3; i++) {
        word mode = modes[i];
        try("delegated ecall", mode, nothing, 0);
        try("delegated illegal", mode, illegal, 0);
        try("delegated ebreak", mode, breakpoint, 0);
        try("delegated load", mode, load, 0x50);
        try("delegated store", mode, store, 0x50);
        try("delegated jump", mode, jump, 0x50);
        try("delegated misaligned", mode, add_atomically, (word)&last + 1);
        print("status ");
        print_number(READ(mstatus) & 0x1888 & (mode == M ? ~0UL : ~0x1800UL));
        print("\n");
    }
    WRITE(medeleg, 0);
}

// All sets of pending interrupts that software can make, delegated or not, with and without the enables.
static void interrupts(void)
{
    volatile unsigned *software = (unsigned *)0x2000000;
    volatile word *compare = (word *)0x2004000;
    extern char m_handler[], s_handler[];
    WRITE(mtvec, (word)m_handler | 1);
    WRITE(stvec, (word)s_handler | 1);
    WRITE(mie, 0xaaa);
    for (int delegated = 0; delegated < 8; delegated++) {
        WRITE(mideleg, (delegated & 1) << 1 | (delegated & 2) << 4 | (delegated & 4) << 7);
        for (int pending = 1; pending < 32; pending++) {
            WRITE(mip, (pending & 1) << 1 | (pending & 2) << 4 | (pending & 4) << 7);
            *software = pending >> 3 & 1;
            *compare = pending & 16 ? 0 : ~0UL;
            while ((READ(mip) & 0x88) != (word)((pending & 8) | (pending & 16) << 3))
                ;
            print("delegated ");
            print_number(delegated);
            print(" pending ");
            print_number(READ(mip));
            print(":");
            for (int i = 0; i < 3; i++) {
                for (int enabled = 0; enabled < 2; enabled++) {
                    // M mode's own enable comes by mret.
                    CLEAR(mstatus, 0x8a);
                    if (enabled)
                        SET(mstatus, modes[i] == M ? 0x80 : modes[i] == S ? 2 : 0);
                    run(modes[i], nothing, 0);
                    print(last.handler == M ? " M" : " S");
                    print_number(last.cause & 15);
                    print(last.cause >> 63 ? "" : "-");
                }
            }
            print("\n");
        }
    }
    WRITE(mip, 0);
    *software = 0;
    *compare = ~0UL;
    CLEAR(mstatus, 0x8a);
    WRITE(mideleg, 0x222);
    SET(mip, 2);
    try("SIE set", S, enable_s, 0);
    WRITE(mie, 0);
    CLEAR(mstatus, 2);
    try("not enabled", S, enable_s, 0);
}

int main(void)
{
    WRITE(pmpaddr0, ~0UL);
    WRITE(pmpcfg0, 0x1f);
    exceptions();
    switches();
    registers();
    delegation();
    interrupts();
    return 0;
}
