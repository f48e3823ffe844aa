using Dbt.Runtime.Machine.Interrupts;

namespace Dbt.Runtime.Machine.Pci;

/// <summary>A wire that several devices pull: high while one of them does.</summary>
/// <param name="line">The wire.</param>
internal sealed class SharedLine(IInterruptLine line)
{
    private readonly Lock _lock = new();
    private int _users;

    /// <summary>Another end of the wire.</summary>
    public IInterruptLine AddUser() => new User(this);

    private void Change(int by)
    {
        lock (_lock)
        {
            _users += by;
            line.Set(_users > 0);
        }
    }

    // Its device sets it under a lock.
    private sealed class User(SharedLine shared) : IInterruptLine
    {
        private bool _level;

        public void Set(bool level)
        {
            if (level == _level)
                return;
            _level = level;
            shared.Change(level ? 1 : -1);
        }
    }
}
