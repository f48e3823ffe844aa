namespace Dbt.Fuzz.Machines;

/// <summary>The machines of one thread, made when they are wanted.</summary>
internal sealed class MachinePool(FuzzGuest guest) : IDisposable
{
    private readonly Dictionary<string, FuzzMachine> _machines = [];

    public FuzzGuest Guest { get; } = guest;

    public FuzzMachine Get(EngineConfiguration configuration)
    {
        if (!_machines.TryGetValue(configuration.Name, out var machine))
            _machines.Add(configuration.Name, machine = new FuzzMachine(Guest, configuration));
        return machine;
    }

    public void Dispose()
    {
        foreach (var machine in _machines.Values)
            machine.Dispose();
    }
}
