using Dbt.Runtime.Machine.Bus;

namespace Dbt.Runtime.Machine.Interrupts;

/// <summary>Registers that message-signalled interrupts are written to. They interrupt harts, and do nothing else.</summary>
internal interface IMessageTarget : IMmioDevice;
