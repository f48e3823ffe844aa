// Calls a null function pointer: SIGSEGV.
#include "../guest.h"

int main(int argc, char **argv)
{
    void (*volatile nowhere)(void) = 0;
    nowhere();
    return survived();
}
