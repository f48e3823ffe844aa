namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

/// <summary>
/// Programs in S mode behind page tables: a root, a middle and one table of leaves for addresses from 0 on. Pages 1 and 2 are code, the program
/// begins at page 1; 5 and 6 are data, from two places.
/// </summary>
public abstract unsafe class PagedTests : IDisposable
{
    private protected const ulong Ram = BareMachine.Ram, Leaves = Ram + 0x12000, Data = Ram + 0x20000;
    private protected const ulong V = 1, R = 2, W = 4, X = 8, U = 0x10, A = 0x40, D = 0x80;
    private const ulong Root = Ram + 0x10000, Middle = Ram + 0x11000;

    private protected readonly BareMachine _machine;

    protected PagedTests(TestedEngine engine)
    {
        _machine = new(engine);
        SetUp(_machine);
    }

    public void Dispose()
    {
        _machine.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static void SetUp(BareMachine machine)
    {
        machine.Store(Root, Middle >> 2 | V);
        machine.Store(Middle, Leaves >> 2 | V);
        Map(machine, 1, Ram + 0x1000, V | R | X | A);
        Map(machine, 2, Ram + 0x2000, V | R | X | A);
        Map(machine, 5, Data, V | R | W | A | D);
        Map(machine, 6, Data + 0x2000, V | R | W | A | D);
        machine.State->Satp = 8UL << 60 | Root >> 12;
        machine.State->Privilege = 1;
        machine.State->Header.Pc = 0x1000;
        machine.At(Ram + 0x1000);
    }

    private protected void Map(int page, ulong physical, ulong bits) => Map(_machine, page, physical, bits);

    internal static void Map(BareMachine machine, int page, ulong physical, ulong bits) => machine.Store(Leaves + (ulong)page * 8, physical >> 2 | bits);
}
