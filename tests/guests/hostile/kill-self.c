// Sends itself SIGTERM.
#include "../guest.h"

int main(int argc, char **argv)
{
    syscall3(SYS_kill, syscall3(SYS_getpid, 0, 0, 0), 15, 0);
    return survived();
}
