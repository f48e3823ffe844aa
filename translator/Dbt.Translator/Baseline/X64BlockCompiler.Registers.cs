using System.Runtime.CompilerServices;
using Dbt.Translator.HostCode.X64;

namespace Dbt.Translator.Baseline;

// Where guest registers are besides their homes. Hot ones are in host registers; in a loop that is one block, registers that it uses
// more have the host registers of hot ones that it uses less. And scratch registers hold copies of homes that are written through, so that reading them
// again is free.
internal sealed unsafe partial class X64BlockCompiler
{
    // What a register must be used more often than the one whose host register it gets: coming in and going out costs two moves each.
    private const int WorthExchange = 2;

    private readonly List<RegisterExchange> _exchanges = [];
    private readonly int[] _uses = new int[X64RegisterMap.MaximumRegisters];

    // By scratch register: the general-purpose register whose home it holds a copy of, or -1.
    private readonly int[] _copies = new int[ScratchNumbers];
    private uint _written;
    private bool _isLoop;

    private const int ScratchNumbers = 3;

    // Finds registers of a loop that are worth it, after it was compiled once without.
    private bool ChooseExchanges()
    {
        for (var i = 0; i < _map.Hot.Length; i++)
        {
            var best = -1;
            for (var guest = 0; guest < _uses.Length; guest++)
                if ((best < 0 || _uses[guest] > _uses[best]) && !_map.IsMapped(0, guest, out _) && !IsExchanged(guest))
                    best = guest;
            var cold = LeastUsed();
            if (best < 0 || cold < 0 || _uses[best] < _uses[cold] + WorthExchange)
                break;
            _exchanges.Add(new(best, cold));
        }
        foreach (var (guest, hot) in _exchanges)
            _map.Exchange(hot, guest);
        return _exchanges.Count > 0;
    }

    private int LeastUsed()
    {
        var least = -1;
        foreach (var hot in _map.Hot)
            if (!IsExchanged(hot) && (least < 0 || _uses[hot] < _uses[least]))
                least = hot;
        return least;
    }

    private bool IsExchanged(int register)
    {
        foreach (var (guest, hot) in _exchanges)
            if (guest == register || hot == register)
                return true;
        return false;
    }

    // From what is true between blocks to what is true in this one. No flags change.
    private void MakeExchanges()
    {
        foreach (var (guest, hot) in _exchanges)
        {
            _map.IsMapped(0, guest, out var host);
            _asm.Mov(X64Size.Qword, _map.Home(0, hot), host);
            _asm.Mov(X64Size.Qword, host, _map.Home(0, guest));
        }
    }

    // And back: on every way out of the block. The registers that may have been written are those of the mask.
    private void UndoExchanges(uint written)
    {
        if (_exchanges.Count == 0)
            return;
        foreach (var (guest, hot) in _exchanges)
        {
            _map.IsMapped(0, guest, out var host);
            if ((written >> guest & 1) != 0)
                _asm.Mov(X64Size.Qword, _map.Home(0, guest), host);
            _asm.Mov(X64Size.Qword, host, _map.Home(0, hot));
        }
    }

    private void ForgetCopies()
    {
        for (var i = 0; i < _copies.Length; i++)
            _copies[i] = -1;
    }

    private void ForgetCopiesOf(int register)
    {
        for (var i = 0; i < _copies.Length; i++)
            if (_copies[i] == register)
                _copies[i] = -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SetCopy(X64Register scratch, int register)
    {
        ForgetCopiesOf(register);
        if ((uint)scratch < ScratchNumbers)
            _copies[(int)scratch] = register;
    }

    // A host register that holds the guest register now: its own one, or a scratch register with a copy.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsHeld(in Expression guest, out X64Register host) =>
        _map.IsMapped(guest.File, guest.Register, out host) || guest.File == 0 && IsCopied(guest, out host);

    private bool IsCopied(in Expression guest, out X64Register host)
    {
        for (var i = 0; i < ScratchNumbers; i++)
        {
            if (_copies[i] != guest.Register)
                continue;
            host = (X64Register)i;
            return true;
        }
        host = default;
        return false;
    }
}
