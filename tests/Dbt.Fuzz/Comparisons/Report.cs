using System.Globalization;
using System.Text;
using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Programs;

namespace Dbt.Fuzz.Comparisons;

/// <summary>What people need to understand and reproduce a difference.</summary>
internal static class Report
{
    public static string Write(FuzzGuest guest, GuestProgram program, string comparison, string difference, string command)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{comparison}: {difference}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  seed 0x{program.Seed:x}, {program.Style}, {guest.Isa.Name}; again: {command}");
        WriteStart(text, program.Start, guest);
        var assembled = Batch.Create(guest, [program]).Programs[0];
        for (var i = 0; i < assembled.Instructions.Count; i++)
            text.AppendLine(CultureInfo.InvariantCulture,
                $"  {assembled.Addresses[i]:x}: {guest.Isa.Disassemble(assembled.Instructions[i], assembled.Addresses[i]).Replace('\t', ' ')}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  {assembled.End:x}: (end)");
        return text.ToString();
    }

    // After shrinking, whatever is not zero matters.
    private static void WriteStart(StringBuilder text, StartState start, FuzzGuest guest)
    {
        var (integers, floats) = (guest.Isa.RegisterFiles[0].Names, guest.Isa.RegisterFiles[1].Names);
        text.Append(CultureInfo.InvariantCulture, $"  gp 0x{Layout.Middle(0):x}, fcsr 0x{start.Fcsr:x}");
        for (var i = 1; i < 32; i++)
            if (start.Integers[i] != 0 && i is not (Layout.BaseRegister or Layout.EntryRegister))
                text.Append(CultureInfo.InvariantCulture, $", {integers[i]} 0x{start.Integers[i]:x}");
        for (var i = 0; i < 32; i++)
            if (start.Floats[i] != 0)
                text.Append(CultureInfo.InvariantCulture, $", {floats[i]} 0x{start.Floats[i]:x}");
        text.AppendLine(start.Memory.All(value => value == 0) ? ", memory zero" : ", memory as seeded");
    }
}
