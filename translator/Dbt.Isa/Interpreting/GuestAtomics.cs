namespace Dbt.Isa.Interpreting;

/// <summary>
/// Read-modify-write accesses to guest memory by host atomics, each giving the value that was there; all are sequentially
/// consistent, which covers any acquire and release bits. Addresses are host addresses, aligned. May raise the host's fault.
/// </summary>
public static unsafe class GuestAtomics
{
    /// <summary>Wrapping sum.</summary>
    public static int Add(int* address, int value) => Interlocked.Add(ref *address, value) - value;

    /// <summary>Bitwise and.</summary>
    public static int And(int* address, int value) => Interlocked.And(ref *address, value);

    /// <summary>Bitwise or.</summary>
    public static int Or(int* address, int value) => Interlocked.Or(ref *address, value);

    /// <summary>The new value.</summary>
    public static int Exchange(int* address, int value) => Interlocked.Exchange(ref *address, value);

    /// <summary>Bitwise exclusive or.</summary>
    public static int Xor(int* address, int value)
    {
        for (; ; )
        {
            var old = Volatile.Read(ref *address);
            if (Interlocked.CompareExchange(ref *address, old ^ value, old) == old)
                return old;
        }
    }

    /// <summary>The smaller value, by the sign of the type.</summary>
    public static int Minimum(int* address, int value)
    {
        for (; ; )
        {
            var old = Volatile.Read(ref *address);
            if (Interlocked.CompareExchange(ref *address, Math.Min(old, value), old) == old)
                return old;
        }
    }

    /// <summary>The larger value, by the sign of the type.</summary>
    public static int Maximum(int* address, int value)
    {
        for (; ; )
        {
            var old = Volatile.Read(ref *address);
            if (Interlocked.CompareExchange(ref *address, Math.Max(old, value), old) == old)
                return old;
        }
    }

    /// <summary>Wrapping sum.</summary>
    public static uint Add(uint* address, uint value) => Interlocked.Add(ref *address, value) - value;

    /// <summary>Bitwise and.</summary>
    public static uint And(uint* address, uint value) => Interlocked.And(ref *address, value);

    /// <summary>Bitwise or.</summary>
    public static uint Or(uint* address, uint value) => Interlocked.Or(ref *address, value);

    /// <summary>The new value.</summary>
    public static uint Exchange(uint* address, uint value) => Interlocked.Exchange(ref *address, value);

    /// <summary>Bitwise exclusive or.</summary>
    public static uint Xor(uint* address, uint value)
    {
        for (; ; )
        {
            var old = Volatile.Read(ref *address);
            if (Interlocked.CompareExchange(ref *address, old ^ value, old) == old)
                return old;
        }
    }

    /// <summary>The smaller value, by the sign of the type.</summary>
    public static uint Minimum(uint* address, uint value)
    {
        for (; ; )
        {
            var old = Volatile.Read(ref *address);
            if (Interlocked.CompareExchange(ref *address, Math.Min(old, value), old) == old)
                return old;
        }
    }

    /// <summary>The larger value, by the sign of the type.</summary>
    public static uint Maximum(uint* address, uint value)
    {
        for (; ; )
        {
            var old = Volatile.Read(ref *address);
            if (Interlocked.CompareExchange(ref *address, Math.Max(old, value), old) == old)
                return old;
        }
    }

    /// <summary>Wrapping sum.</summary>
    public static long Add(long* address, long value) => Interlocked.Add(ref *address, value) - value;

    /// <summary>Bitwise and.</summary>
    public static long And(long* address, long value) => Interlocked.And(ref *address, value);

    /// <summary>Bitwise or.</summary>
    public static long Or(long* address, long value) => Interlocked.Or(ref *address, value);

    /// <summary>The new value.</summary>
    public static long Exchange(long* address, long value) => Interlocked.Exchange(ref *address, value);

    /// <summary>Bitwise exclusive or.</summary>
    public static long Xor(long* address, long value)
    {
        for (; ; )
        {
            var old = Volatile.Read(ref *address);
            if (Interlocked.CompareExchange(ref *address, old ^ value, old) == old)
                return old;
        }
    }

    /// <summary>The smaller value, by the sign of the type.</summary>
    public static long Minimum(long* address, long value)
    {
        for (; ; )
        {
            var old = Volatile.Read(ref *address);
            if (Interlocked.CompareExchange(ref *address, Math.Min(old, value), old) == old)
                return old;
        }
    }

    /// <summary>The larger value, by the sign of the type.</summary>
    public static long Maximum(long* address, long value)
    {
        for (; ; )
        {
            var old = Volatile.Read(ref *address);
            if (Interlocked.CompareExchange(ref *address, Math.Max(old, value), old) == old)
                return old;
        }
    }

    /// <summary>Wrapping sum.</summary>
    public static ulong Add(ulong* address, ulong value) => Interlocked.Add(ref *address, value) - value;

    /// <summary>Bitwise and.</summary>
    public static ulong And(ulong* address, ulong value) => Interlocked.And(ref *address, value);

    /// <summary>Bitwise or.</summary>
    public static ulong Or(ulong* address, ulong value) => Interlocked.Or(ref *address, value);

    /// <summary>The new value.</summary>
    public static ulong Exchange(ulong* address, ulong value) => Interlocked.Exchange(ref *address, value);

    /// <summary>Bitwise exclusive or.</summary>
    public static ulong Xor(ulong* address, ulong value)
    {
        for (; ; )
        {
            var old = Volatile.Read(ref *address);
            if (Interlocked.CompareExchange(ref *address, old ^ value, old) == old)
                return old;
        }
    }

    /// <summary>The smaller value, by the sign of the type.</summary>
    public static ulong Minimum(ulong* address, ulong value)
    {
        for (; ; )
        {
            var old = Volatile.Read(ref *address);
            if (Interlocked.CompareExchange(ref *address, Math.Min(old, value), old) == old)
                return old;
        }
    }

    /// <summary>The larger value, by the sign of the type.</summary>
    public static ulong Maximum(ulong* address, ulong value)
    {
        for (; ; )
        {
            var old = Volatile.Read(ref *address);
            if (Interlocked.CompareExchange(ref *address, Math.Max(old, value), old) == old)
                return old;
        }
    }

    /// <summary>Loads, and remembers address and value for <see cref="StoreConditional(HartHeader*, int*, ulong, int)"/>.</summary>
    public static int LoadReserved(HartHeader* state, int* address, ulong guestAddress)
    {
        var value = Volatile.Read(ref *address);
        state->ReservationAddress = guestAddress;
        state->ReservationValue = (ulong)value;
        return value;
    }

    /// <summary>
    /// Stores when the reservation is for this address and memory still has the value that was loaded (so ABA goes unseen).
    /// Gives 0 when it stored and 1 when not; the reservation is gone.
    /// </summary>
    public static int StoreConditional(HartHeader* state, int* address, ulong guestAddress, int value)
    {
        var expected = (int)state->ReservationValue;
        var stored = state->ReservationAddress == guestAddress
            && Interlocked.CompareExchange(ref *address, value, expected) == expected;
        state->ReservationAddress = HartHeader.NoReservation;
        return stored ? 0 : 1;
    }

    /// <summary>Loads, and remembers address and value for <see cref="StoreConditional(HartHeader*, long*, ulong, long)"/>.</summary>
    public static long LoadReserved(HartHeader* state, long* address, ulong guestAddress)
    {
        var value = Volatile.Read(ref *address);
        state->ReservationAddress = guestAddress;
        state->ReservationValue = (ulong)value;
        return value;
    }

    /// <summary>
    /// Stores when the reservation is for this address and memory still has the value that was loaded (so ABA goes unseen).
    /// Gives 0 when it stored and 1 when not; the reservation is gone.
    /// </summary>
    public static int StoreConditional(HartHeader* state, long* address, ulong guestAddress, long value)
    {
        var expected = (long)state->ReservationValue;
        var stored = state->ReservationAddress == guestAddress
            && Interlocked.CompareExchange(ref *address, value, expected) == expected;
        state->ReservationAddress = HartHeader.NoReservation;
        return stored ? 0 : 1;
    }

    /// <summary>Loads, and remembers address and value for <see cref="StoreConditional(HartHeader*, uint*, ulong, uint)"/>.</summary>
    public static uint LoadReserved(HartHeader* state, uint* address, ulong guestAddress)
    {
        var value = Volatile.Read(ref *address);
        state->ReservationAddress = guestAddress;
        state->ReservationValue = (ulong)(int)value;
        return value;
    }

    /// <summary>
    /// Stores when the reservation is for this address and memory still has the value that was loaded (so ABA goes unseen).
    /// Gives 0 when it stored and 1 when not; the reservation is gone.
    /// </summary>
    public static int StoreConditional(HartHeader* state, uint* address, ulong guestAddress, uint value)
    {
        var expected = (uint)state->ReservationValue;
        var stored = state->ReservationAddress == guestAddress
            && Interlocked.CompareExchange(ref *address, value, expected) == expected;
        state->ReservationAddress = HartHeader.NoReservation;
        return stored ? 0 : 1;
    }

    /// <summary>Loads, and remembers address and value for <see cref="StoreConditional(HartHeader*, ulong*, ulong, ulong)"/>.</summary>
    public static ulong LoadReserved(HartHeader* state, ulong* address, ulong guestAddress)
    {
        var value = Volatile.Read(ref *address);
        state->ReservationAddress = guestAddress;
        state->ReservationValue = value;
        return value;
    }

    /// <summary>
    /// Stores when the reservation is for this address and memory still has the value that was loaded (so ABA goes unseen).
    /// Gives 0 when it stored and 1 when not; the reservation is gone.
    /// </summary>
    public static int StoreConditional(HartHeader* state, ulong* address, ulong guestAddress, ulong value)
    {
        var expected = (ulong)state->ReservationValue;
        var stored = state->ReservationAddress == guestAddress
            && Interlocked.CompareExchange(ref *address, value, expected) == expected;
        state->ReservationAddress = HartHeader.NoReservation;
        return stored ? 0 : 1;
    }
}
