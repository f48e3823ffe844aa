// The C++ library and run-time: initialisation order, RTTI, virtual and multiple inheritance, containers, algorithms,
// streams.
#include <algorithm>
#include <functional>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <sstream>
#include <string>
#include <typeinfo>
#include <unordered_map>
#include <vector>

namespace {

struct Announced {
    explicit Announced(const char *name) : name(name) { std::cout << "construct " << name << '\n'; }
    ~Announced() { std::cout << "destroy " << name << '\n'; }
    const char *name;
};

Announced first("first"), second("second");

Announced &local()
{
    static Announced instance("local");
    return instance;
}

struct Shape {
    virtual ~Shape() = default;
    virtual double area() const = 0;
};
struct Named {
    virtual ~Named() = default;
    std::string name = "unnamed";
};
struct Square : Shape, virtual Named {
    explicit Square(double side) : side(side) { name = "square"; }
    double area() const override { return side * side; }
    double side;
};
struct Circle : virtual Named, Shape {
    explicit Circle(double radius) : radius(radius) {}
    double area() const override { return 3 * radius * radius; }
    double radius;
};

void shapes()
{
    std::vector<std::unique_ptr<Shape>> all;
    for (int i = 1; i <= 6; i++)
        if (i % 2)
            all.push_back(std::make_unique<Square>(i));
        else
            all.push_back(std::make_unique<Circle>(i));
    double total = 0;
    for (const auto &shape : all) {
        const Shape &object = *shape;
        total += object.area();
        std::cout << dynamic_cast<const Named &>(object).name << (typeid(object) == typeid(Square) ? "* " : " ");
        if (auto circle = dynamic_cast<const Circle *>(&object))
            std::cout << circle->radius << ' ';
    }
    std::cout << total << '\n';
}

void containers()
{
    std::map<std::string, int> counts;
    std::istringstream words("the cat and the dog and the bird");
    for (std::string word; words >> word;)
        counts[word]++;
    for (const auto &[word, count] : counts)
        std::cout << word << '=' << count << ' ';
    std::cout << '\n';

    std::unordered_map<int, long> squares;
    for (int i = 0; i < 10000; i++)
        squares[i * 7919 % 10007] += static_cast<long>(i) * i;
    long sum = 0;
    for (const auto &[key, value] : squares)
        sum ^= key * value;
    std::cout << squares.size() << ' ' << sum << '\n';

    std::vector<int> numbers(1000);
    std::iota(numbers.begin(), numbers.end(), 1);
    std::transform(numbers.begin(), numbers.end(), numbers.begin(), [](int n) { return n * 7919 % 1009; });
    std::stable_sort(numbers.begin(), numbers.end(), std::greater<>());
    std::set<int> unique(numbers.begin(), numbers.end());
    std::cout << numbers.front() << ' ' << numbers.back() << ' ' << unique.size() << ' '
              << std::accumulate(numbers.begin(), numbers.end(), 0L) << '\n';
    std::function<long(int)> fibonacci = [&](int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); };
    std::cout << fibonacci(18) << '\n';
}

void streams()
{
    std::cout << std::hex << std::showbase << 255 << ' ' << std::dec << std::setw(8) << std::setfill('.') << 42 << ' '
              << std::fixed << std::setprecision(3) << 3.14159 << ' ' << std::scientific << 12345.678 << ' '
              << std::boolalpha << true << '\n';
    std::istringstream in("12 3.5 text 0x1f");
    int number, hexadecimal;
    double real;
    std::string text;
    in >> number >> real >> text >> std::hex >> hexadecimal;
    std::cout << std::defaultfloat << std::noshowbase << number << ' ' << real << ' ' << text << ' ' << hexadecimal << '\n';
}

} // namespace

int main()
{
    std::cout << "main\n";
    local();
    shapes();
    containers();
    streams();
    return 0;
}
