// C++ exceptions: types, rethrowing, destructors on the way, foreign frames, nested and stored ones.
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

namespace {

int alive;

struct Tracked {
    explicit Tracked(int n) : n(n) { alive++; }
    Tracked(const Tracked &) = delete;
    ~Tracked()
    {
        alive--;
        std::printf("~%d ", n);
    }
    int n;
};

struct Base {
    virtual ~Base() = default;
    virtual const char *name() const { return "base"; }
};
struct Derived : Base {
    const char *name() const override { return "derived"; }
};

[[gnu::noinline]] int descend(int depth, int kind)
{
    Tracked here(depth);
    if (depth == 0)
        switch (kind) {
        case 0: throw 42;
        case 1: throw std::runtime_error("an error with some text");
        case 2: throw Derived();
        case 3: throw "literal";
        case 4: throw 2.5;
        default: return 1;
        }
    return descend(depth - 1, kind) + depth;
}

void attempt(int kind)
{
    try {
        try {
            std::printf("result %d\n", descend(3, kind));
        } catch (const std::logic_error &) {
            std::printf("never\n");
        } catch (int value) {
            std::printf("int %d\n", value);
        } catch (...) {
            std::printf("rethrow, ");
            throw;
        }
    } catch (const std::exception &error) {
        std::printf("%s\n", error.what());
    } catch (const Base &base) {
        std::printf("%s\n", base.name());
    } catch (const char *text) {
        std::printf("%s\n", text);
    } catch (double value) {
        std::printf("double %g\n", value);
    }
}

struct Throws {
    Throws() try : member(1) { throw std::out_of_range("from a constructor"); } catch (const std::exception &) {
        std::printf("constructor caught, ");
    }
    Tracked member;
};

} // namespace

int main()
{
    for (int kind = 0; kind < 6; kind++)
        attempt(kind);
    try {
        Throws object;
    } catch (const std::out_of_range &error) {
        std::printf("%s\n", error.what());
    }
    try {
        try {
            throw std::runtime_error("inner");
        } catch (...) {
            std::throw_with_nested(std::logic_error("outer"));
        }
    } catch (const std::exception &outer) {
        std::printf("%s", outer.what());
        try {
            std::rethrow_if_nested(outer);
        } catch (const std::exception &inner) {
            std::printf(" around %s\n", inner.what());
        }
    }
    std::exception_ptr kept;
    try {
        (void)std::string("abc").at(9);
    } catch (...) {
        kept = std::current_exception();
    }
    try {
        std::rethrow_exception(kept);
    } catch (const std::out_of_range &) {
        std::printf("kept\n");
    }
    long caught = 0;
    for (int i = 0; i < 2000; i++)
        try {
            throw i;
        } catch (int value) {
            caught += value;
        }
    std::printf("%ld caught, %d alive\n", caught, alive);
    return 0;
}
