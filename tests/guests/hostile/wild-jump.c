// Jumps to an address that nothing is mapped at: SIGSEGV.
#include "../guest.h"

int main(int argc, char **argv)
{
    ((void (*)(void))0x123456789000)();
    return survived();
}
