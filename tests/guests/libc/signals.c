// Signal handlers: what they are told, what they may change, and where they run.
#define _GNU_SOURCE
#include <errno.h>
#include <fenv.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define PAGE 4096

static char *volatile page;
static sigjmp_buf jump;
static volatile sig_atomic_t count, depth;
static uintptr_t expected_pc;
static volatile uintptr_t nowhere = 16;

static void install(int signal, void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
    if (sigaction(signal, &action, NULL))
        perror("sigaction");
}

static const char *mask_of_now(void)
{
    static char text[80];
    sigset_t mask;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    text[0] = 0;
    for (int i = 1; i < 65; i++)
        if (sigismember(&mask, i) == 1)
            snprintf(text + strlen(text), sizeof text - strlen(text), " %d", i);
    return text[0] ? text : " none";
}

static void map_and_retry(int signal, siginfo_t *info, void *context)
{
    (void)context;
    printf("signal %d, code %d, page+%ld, blocked:%s\n", signal, info->si_code, (long)((char *)info->si_addr - page), mask_of_now());
    if (mprotect(page, PAGE, PROT_READ | PROT_WRITE) || ++count > 2)
        _exit(1);
}

static void retry(void)
{
    install(SIGSEGV, map_and_retry, 0);
    page = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[24] = 7;
    printf("stored %d, faults %d, blocked:%s\n", page[24], count, mask_of_now());
    mprotect(page, PAGE, PROT_READ);
    *(volatile int *)(page + 100) += 5;
    printf("added %d, faults %d\n", *(int *)(page + 100), count);
}

// Every register survives a handler that uses them all; one is changed on purpose.
static void skip(int signal, siginfo_t *info, void *context)
{
    ucontext_t *saved = context;
    __riscv_mc_gp_state *x = &saved->uc_mcontext.__gregs;
    printf("signal %d, code %d, at the instruction: %d %d\n", signal, info->si_code, (*x)[0] == (uintptr_t)info->si_addr, (*x)[0] == expected_pc);
    printf("t0 %lx, s11 %lx, ft0 %llx, fcsr %x, flags %lx\n", (*x)[5], (*x)[27], saved->uc_mcontext.__fpregs.__d.__f[0],
        saved->uc_mcontext.__fpregs.__d.__fcsr, saved->__uc_flags);
    (*x)[10] = 4242;
    (*x)[0] += *(uint16_t *)(*x)[0] % 4 == 3 ? 4 : 2;
    saved->uc_mcontext.__fpregs.__d.__f[1] = 0x4008000000000000;
    fesetround(FE_UPWARD);
    feraiseexcept(FE_ALL_EXCEPT);
    __asm__ volatile("fcvt.d.l ft0, sp\n fcvt.d.l fs3, sp\n li t0, -1\n li t6, -1" ::: "ft0", "fs3", "t0", "t6");
}

static void add(int signal, siginfo_t *info, void *context)
{
    ucontext_t *saved = context;
    (void)signal, (void)info;
    saved->uc_mcontext.__gregs[10] += ++count % 3;
    saved->uc_mcontext.__gregs[0] += 4;
}

#define SKIP(code)                                                                                                                        \
    do {                                                                                                                                  \
        unsigned long a0, t0, t6, status;                                                                                                 \
        double f0, f1, f19;                                                                                                               \
        __asm__ volatile("lla t0, 1f\n sd t0, %[pc]\n"                                                                                    \
                         "li s11, 0x5eed\n fcvt.d.l ft0, s11\n fmv.d ft1, ft0\n fmv.d fs3, ft0\n li t0, 0x123\n li t6, 0x321\n"           \
                         "fscsr t0\n li a0, 1\n"                                                                                          \
                         "1: " code "\n"                                                                                                  \
                         "mv %[a0], a0\n mv %[t0], t0\n mv %[t6], t6\n frcsr %[s]\n fscsr x0\n"                                           \
                         "fmv.d %[f0], ft0\n fmv.d %[f1], ft1\n fmv.d %[f19], fs3"                                                        \
                         : [pc] "=m"(expected_pc), [a0] "=&r"(a0), [t0] "=&r"(t0), [t6] "=&r"(t6), [s] "=&r"(status), [f0] "=&f"(f0),     \
                         [f1] "=&f"(f1), [f19] "=&f"(f19)                                                                                 \
                         :                                                                                                                \
                         : "a0", "t0", "t6", "s11", "ft0", "ft1", "fs3", "memory");                                                       \
        printf("a0 %lu, t0 %lx, t6 %lx, fcsr %lx, ft0 %g, ft1 %g, fs3 %g\n", a0, t0, t6, status, f0, f1, f19);                            \
    } while (0)

static void registers(void)
{
    install(SIGILL, skip, 0);
    install(SIGTRAP, skip, 0);
    SKIP(".word 0x1c05250b");
    SKIP(".word 0xffffffff");
    SKIP(".option push\n .option norvc\n ebreak\n .option pop");
    SKIP("c.ebreak");
    // Often enough for every engine to have compiled it.
    install(SIGILL, add, 0);
    unsigned long sum = 0;
    for (int i = 0; i < 5000; i++)
        __asm__ volatile("mv a0, %0\n .word 0xb\n addi %0, a0, 1" : "+r"(sum) : : "a0");
    printf("sum %lu, handlers %d\n", sum, count);
}

static void jump_out(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    siglongjmp(jump, signal);
}

static void jumps(void)
{
    install(SIGSEGV, jump_out, 0);
    volatile int landed = 0;
    for (volatile int i = 0; i < 100; i++)
        if (sigsetjmp(jump, 1) == SIGSEGV)
            landed++;
        else
            *(volatile int *)(uintptr_t)(i % 2 ? 16 : (uintptr_t)-64) = 1;
    printf("landed %d times, blocked:%s\n", landed, mask_of_now());
    if (sigsetjmp(jump, 1) == 0)
        ((void (*)(void))(uintptr_t)0x1000)();
    else
        printf("came back from nowhere\n");
}

static void nest(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    depth++;
    printf("%*s> %d, blocked:%s\n", depth * 2, "", signal, mask_of_now());
    if (++count < 5)
        raise(signal == SIGUSR1 ? SIGUSR2 : SIGUSR1);
    if (depth == 2) {
        sigset_t pending;
        sigpending(&pending);
        printf("    pending %d %d\n", sigismember(&pending, SIGUSR1), sigismember(&pending, SIGUSR2));
    }
    printf("%*s< %d\n", depth * 2, "", signal);
    depth--;
}

static void tell(int signal, siginfo_t *info, void *context)
{
    (void)context;
    printf("got %d, code %d, from me: %d %d\n", signal, info->si_code, info->si_pid == getpid(), info->si_uid == getuid());
}

static void masks(void)
{
    count = 0;
    install(SIGUSR1, nest, 0);
    install(SIGUSR2, nest, 0);
    raise(SIGUSR1);
    count = 0;
    install(SIGUSR1, nest, SA_NODEFER);
    install(SIGUSR2, nest, SA_NODEFER);
    raise(SIGUSR2);

    sigset_t set, pending;
    sigemptyset(&set);
    for (int i = SIGRTMIN; i < SIGRTMIN + 3; i++) {
        install(i, tell, 0);
        sigaddset(&set, i);
    }
    install(SIGTERM, tell, 0);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    kill(getpid(), SIGTERM);
    kill(getpid(), SIGTERM);
    raise(SIGRTMIN + 1);
    raise(SIGRTMIN);
    raise(SIGRTMIN + 1);
    sigpending(&pending);
    printf("blocked:%s, pending %d\n", mask_of_now(), sigismember(&pending, SIGTERM) + sigismember(&pending, SIGRTMIN) + sigismember(&pending, SIGRTMIN + 1));
    // One by one: which queue is emptied first, the thread's or the process's, is the kernel's affair.
    sigdelset(&set, SIGTERM);
    printf("unblocked: %d\n", sigprocmask(SIG_UNBLOCK, &set, NULL));
    sigemptyset(&set);
    printf("all unblocked: %d\n", sigprocmask(SIG_SETMASK, &set, NULL));

    install(SIGUSR1, tell, SA_RESETHAND);
    printf("raised: %d\n", raise(SIGUSR1));
    struct sigaction action;
    sigaction(SIGUSR1, NULL, &action);
    printf("handler reset: %d\n", action.sa_handler == SIG_DFL);
    signal(SIGUSR1, SIG_IGN);
    printf("ignored: %d\n", raise(SIGUSR1));
    printf("unstoppable: %d %d\n", signal(SIGKILL, SIG_IGN) == SIG_ERR, errno == EINVAL);
}

static char alternate[64 * 1024];

static void on_stack(int signal, siginfo_t *info, void *context)
{
    stack_t stack;
    (void)info;
    sigaltstack(NULL, &stack);
    char *here = (char *)&stack;
    printf("signal %d on the alternate stack: %d, flags %d, saved %d", signal, here > alternate && here < alternate + sizeof alternate, stack.ss_flags,
        ((ucontext_t *)context)->uc_stack.ss_sp == alternate);
    printf(", change refused: %d\n", sigaltstack(&stack, NULL) == -1 && errno == EPERM);
    if (signal == SIGSEGV) {
        raise(SIGUSR2);
        siglongjmp(jump, 1);
    }
}

__attribute__((noinline)) static long overflow(long n)
{
    volatile char room[4096];
    room[n % sizeof room] = (char)n;
    return n < 0 ? 0 : overflow(n + 1) + room[n % sizeof room];
}

static void stacks(void)
{
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate}, small = {.ss_sp = alternate, .ss_size = 100};
    printf("too small: %d %d\n", sigaltstack(&small, NULL), errno == ENOMEM);
    sigaltstack(&stack, NULL);
    install(SIGSEGV, on_stack, SA_ONSTACK);
    install(SIGUSR2, on_stack, SA_ONSTACK);
    for (int i = 0; i < 3; i++)
        if (sigsetjmp(jump, 1) == 0)
            printf("%ld\n", overflow(1));
    sigaltstack(NULL, &stack);
    printf("overflowed, flags %d, blocked:%s\n", stack.ss_flags, mask_of_now());
    raise(SIGUSR2);
}

static void never(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    printf("handler of %d called\n", signal);
}

// A blocked fault cannot wait.
static void end(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGSEGV);
    sigprocmask(SIG_BLOCK, &set, NULL);
    install(SIGSEGV, never, 0);
    *(volatile int *)nowhere = 1;
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    retry();
    registers();
    jumps();
    masks();
    stacks();
    end();
    printf("survived\n");
    return 99;
}
