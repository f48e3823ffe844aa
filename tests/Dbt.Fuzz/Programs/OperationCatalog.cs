using Dbt.Isa;
using Dbt.Fuzz.Qemu;

namespace Dbt.Fuzz.Programs;

/// <summary>All operations of a guest, sorted by what they need; from the guest's own tables, so that a new extension is fuzzed unasked.</summary>
internal sealed class OperationCatalog
{
    private readonly Dictionary<string, ushort> _numbers = [];

    public OperationCatalog(GuestIsa isa)
    {
        Isa = isa;
        Extensions = isa.DefaultExtensions;
        var all = new List<CatalogEntry>();
        for (var number = EngineOperation.FirstGuestOperation; number < isa.Operations.Count; number++)
        {
            if (isa.Operations[number] is not { } info || !Extensions.Contains(info.ExtensionIndex))
                continue;
            // Only the operation is looked at: operands that are all zero do.
            var target = isa.Expand(new Instruction { Operation = number, Length = (byte)info.Length });
            var baseInfo = isa.Operations[target.Operation]!;
            all.Add(new CatalogEntry(number, info, baseInfo, KindOf(info.Traits | baseInfo.Traits)));
            _numbers.TryAdd(info.Mnemonic, number);
        }
        All = all;
        Portable = all.Where(entry => entry.Kind != OperationKind.Call && QemuDifferences.Excludes(entry.Info) is null).ToArray();
        Complete = all.Where(entry => entry.Kind != OperationKind.Call).ToArray();
        Accesses = all.Where(entry => entry.Kind == OperationKind.Access && entry.Info.Length == sizeof(uint)).ToArray();
        Reservations = all.Where(entry => IsReservation(entry.Base)).ToArray();
    }

    public GuestIsa Isa { get; }

    public ExtensionSet Extensions { get; }

    /// <summary>Everything.</summary>
    public IReadOnlyList<CatalogEntry> All { get; }

    /// <summary>What programs in <see cref="ProgramStyle.Portable"/> have.</summary>
    public IReadOnlyList<CatalogEntry> Portable { get; }

    /// <summary>What programs in <see cref="ProgramStyle.Complete"/> have.</summary>
    public IReadOnlyList<CatalogEntry> Complete { get; }

    /// <summary>Loads, stores and atomics of any register and offset.</summary>
    public IReadOnlyList<CatalogEntry> Accesses { get; }

    /// <summary>Load-reserved and store-conditional operations.</summary>
    public IReadOnlyList<CatalogEntry> Reservations { get; }

    public IReadOnlyList<CatalogEntry> For(ProgramStyle style) => style switch
    {
        ProgramStyle.Portable => Portable,
        ProgramStyle.Complete => Complete,
        _ => All,
    };

    /// <summary>Whether it takes a reservation or depends on one: only these keep one.</summary>
    public static bool IsReservation(OperationInfo info) =>
        info.Semantics.Contains("loadReserved", StringComparison.Ordinal) || IsConditionalStore(info);

    public static bool IsConditionalStore(OperationInfo info) => info.Semantics.Contains("storeConditional", StringComparison.Ordinal);

    /// <summary>An instruction by name and fields, for the frame of loops, calls and addresses.</summary>
    public Instruction Build(string mnemonic, params ReadOnlySpan<(string Field, long Value)> operands)
    {
        var number = _numbers[mnemonic];
        var info = Isa.Operations[number]!;
        var instruction = new Instruction { Operation = number, Length = (byte)info.Length };
        foreach (var (field, value) in operands)
            instruction[info.Operands.First(operand => operand.Field == field).Slot] = value;
        return instruction;
    }

    private static OperationKind KindOf(OperationTraits traits)
    {
        if (traits.HasFlag(OperationTraits.DirectJump))
            return OperationKind.Branch;
        if (traits.HasFlag(OperationTraits.IndirectJump))
            return OperationKind.IndirectJump;
        if ((traits & (OperationTraits.Loads | OperationTraits.Stores | OperationTraits.Atomic)) != 0)
            return OperationKind.Access;
        if (traits.HasFlag(OperationTraits.System))
            return OperationKind.SystemRegister;
        return traits.HasFlag(OperationTraits.EndsBlock | OperationTraits.Traps) ? OperationKind.Call : OperationKind.Plain;
    }
}
