using Dbt.Translator.HostCode.X64;
using Iced.Intel;

namespace Dbt.Translator.Tests.HostCode.X64;

/// <summary>The decoder's names of registers.</summary>
internal static class Registers
{
    public static Register General(X64Register? register, int bytes)
    {
        if (register is not { } number)
            return Register.None;
        if (bytes == 1)
            // Between bl and spl, the decoder's list has ah to bh.
            return number < X64Register.Rsp ? Register.AL + (int)number : Register.SPL + (number - X64Register.Rsp);
        return (int)number + bytes switch { 2 => Register.AX, 4 => Register.EAX, _ => Register.RAX };
    }

    public static Register Vector(XmmRegister register) => Register.XMM0 + (int)register;
}
