// Translation by Sv39, Sv48 and Sv57, and physical memory protection.
#include "system.h"

#define PAGE 4096
#define V 1UL
#define R 2UL
#define W 4UL
#define X 8UL
#define USER 16UL
#define A 64UL
#define D 128UL
#define SUM (1 << 18)
#define MXR (1 << 19)

static word top[512] __attribute__((aligned(PAGE))), middle[512] __attribute__((aligned(PAGE))), root[512] __attribute__((aligned(PAGE)));
static word large[512] __attribute__((aligned(PAGE))), leaves[512] __attribute__((aligned(PAGE)));
static char page[PAGE] __attribute__((aligned(PAGE)));

PIECE(load, "ld a0, 0(a0)");
PIECE(store, "sd a0, 64(a0)");
PIECE(jump, "jr a0");
PIECE(load_4, "lw a0, 0(a0)");

// The page that is tried has this code, and this address.
asm(".section .data.page, \"aw\"\n.balign 4096\ntried: ecall\n.zero 4092\n");
extern char tried[];

#define ADDRESS 0x40000000UL

static word entry(const void *place, word bits) { return (word)place >> 12 << 10 | bits; }

static void use(int mode)
{
    top[0] = entry(middle, V);
    middle[0] = entry(root, V);
    root[1] = entry(large, V);
    root[2] = entry((void *)0x80000000, V | R | W | X | A | D);
    root[3] = entry((void *)0x80000000, V | R | W | X | USER | A | D);
    large[0] = entry(leaves, V);
    WRITE(satp, (word)mode << 60 | (word)(mode == 8 ? root : mode == 9 ? middle : top) >> 12);
}

// '.' for no trap.
static char outcome(word mode, const void *piece)
{
    asm volatile("sfence.vma");
    run(mode, (const char *)piece + (mode == U ? ALIAS : 0), ADDRESS);
    if (last.cause == 8 || last.cause == 9)
        return '.';
    return "0123456789abcdef"[last.cause & 15];
}

static void line(word mode, const char *name, const void *piece, word more)
{
    char text[33];
    for (word bits = 0; bits < 32; bits++) {
        leaves[0] = entry(tried, bits | more);
        text[bits] = outcome(mode, piece);
    }
    text[32] = 0;
    print(mode == S ? " S " : " U ");
    print(name);
    print(" ");
    print(text);
    print("\n");
}

static void rights(int mode)
{
    use(mode);
    for (word set = 0; set < 4; set++) {
        CLEAR(mstatus, SUM | MXR);
        SET(mstatus, (set & 1 ? SUM : 0) | (set & 2 ? MXR : 0));
        print("mode ");
        print_number(mode);
        print(set & 1 ? " SUM" : "");
        print(set & 2 ? " MXR" : "");
        print("\n");
        for (word privilege = U; privilege <= S; privilege++) {
            line(privilege, "load ", load, A | D);
            line(privilege, "store", store, A | D);
            line(privilege, "jump ", jump, A | D);
        }
    }
    CLEAR(mstatus, SUM | MXR);
}

// Accessed and dirty bits: a trap, or set by the hart.
static void marks(const char *name)
{
    print(name);
    print("\n");
    for (word marks = 0; marks < 4; marks++) {
        static const void *const pieces[] = { load, store, jump };
        for (int i = 0; i < 3; i++) {
            leaves[0] = entry(tried, V | R | W | X | (marks & 1 ? A : 0) | (marks & 2 ? D : 0));
            char text[2] = { outcome(S, pieces[i]), 0 };
            print(" ");
            print(text);
            print_number(leaves[0] & (A | D));
        }
    }
    print("\n");
}

static void one(const char *name, word piece_mode, const void *piece)
{
    char text[2] = { outcome(piece_mode, piece), 0 };
    print(name);
    print(" ");
    print(text);
    print(" value ");
    print_number(last.value);
    print("\n");
}

static void forms(void)
{
    const word all = V | R | W | X | A | D;
    use(8);
    leaves[0] = entry(tried, all);
    one("page", S, load);
    large[0] = entry(tried, all);
    one("superpage misaligned", S, load);
    large[0] = entry((void *)0x80000000, all);
    one("superpage", S, load);
    root[1] = entry((void *)0x80200000, all);
    one("gigapage misaligned", S, load);
    root[1] = entry(large, V | A);
    one("pointer with A", S, load);
    root[1] = entry(large, V | D);
    one("pointer with D", S, load);
    root[1] = entry(large, V | USER);
    one("pointer with U", S, load);
    root[1] = entry(large, V);
    large[0] = entry(leaves, V);
    leaves[0] = entry(leaves, V);
    one("pointer at the last level", S, load);
    leaves[0] = entry(tried, all) | 1UL << 54;
    one("reserved bit 54", S, load);
    leaves[0] = entry(tried, all) | 1UL << 60;
    one("reserved bit 60", S, load);
    leaves[0] = entry(tried, all) | 1UL << 61;
    one("memory type, not enabled", S, load);
    leaves[0] = entry((void *)0x50000000, all);
    one("nowhere", S, load);
    leaves[0] = entry(tried, all);
    root[1] = entry((void *)0x50000000, V);
    one("tables nowhere", S, load);
    root[1] = entry(large, V);
    for (int bit = 38; bit < 64; bit += 5) {
        asm volatile("sfence.vma");
        run(S, load, ADDRESS | 1UL << bit);
        print("address ");
        print_number(bit);
        print(" cause ");
        print_number(last.cause);
        print("\n");
    }
}

// Protection of one page against each mode, by each form of region.
static void protection(void)
{
    WRITE(satp, 0);
    for (word form = 1; form < 4; form++) {
        for (word bits = 0; bits < 8; bits++) {
            if ((bits & 3) == 2)
                continue;
            word place = (word)page >> 2, bottom = form == 1 ? place : 0;
            word address = form == 1 ? place + 0x400 : form == 2 ? place : place | 0x1ff;
            word configuration = bits | form << 3;
            WRITE(pmpaddr0, bottom);
            WRITE(pmpaddr1, address);
            WRITE(pmpaddr2, ~0UL);
            WRITE(pmpcfg0, 0x1f0000 | configuration << 8);
            print("region ");
            print_number(form);
            print(" rights ");
            print_number(bits);
            for (int i = 0; i < 3; i++) {
                static const word modes[] = { U, S, M };
                static const short places[] = { -4, 0, 4, PAGE - 4, PAGE };
                print(" ");
                for (int j = 0; j < 5; j++) {
                    run(modes[i], load_4, (word)page + places[j]);
                    char text[2] = { last.cause >= 8 ? '.' : "01234567"[last.cause], 0 };
                    print(text);
                }
                run(modes[i], store, (word)page + PAGE - 128);
                char text[2] = { last.cause >= 8 ? '.' : "01234567"[last.cause], 0 };
                print(text);
            }
            print("\n");
        }
    }
}

int main(void)
{
    WRITE(pmpaddr0, ~0UL);
    WRITE(pmpcfg0, 0x1f);
    WRITE(medeleg, 0xb000);
    for (int mode = 8; mode <= 10; mode++)
        rights(mode);
    forms();
    use(8);
    marks("marks by software");
    SET(0x30a, 1UL << 61);
    marks("marks by the hart");
    protection();
    return 0;
}
