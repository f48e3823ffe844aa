namespace Dbt.Runtime.Machine.Sbi.Riscv;

/// <summary>Extension ids of the RISC-V Supervisor Binary Interface Specification 2.0, as calls have them in a7.</summary>
internal static class SbiExtension
{
    public const ulong LegacySetTimer = 0, LegacyPutCharacter = 1, LegacyGetCharacter = 2, LegacyShutdown = 8;
    public const ulong Base = 0x10;
    public const ulong Timer = 0x54494D45;
    public const ulong Interrupts = 0x735049;
    public const ulong RemoteFence = 0x52464E43;
    public const ulong HartState = 0x48534D;
    public const ulong SystemReset = 0x53525354;
    public const ulong DebugConsole = 0x4442434E;
    public const ulong PerformanceMonitor = 0x504D55;
    public const ulong SystemSuspend = 0x53555350;
    public const ulong StealTime = 0x535441;
}
