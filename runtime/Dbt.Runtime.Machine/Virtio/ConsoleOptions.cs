using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Devices;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>A console besides the serial port.</summary>
/// <param name="Console">Its other end.</param>
public sealed record ConsoleOptions(IConsole Console) : VirtioOptions
{
    internal override VirtioDevice Create(PhysicalMemory memory) => new ConsoleDevice(memory, Console);
}
