namespace Dbt.Translator.Tests.HostCode;

/// <summary>The accesses of <see cref="FaultingCode"/>. All but the loads are writes.</summary>
internal enum AccessForm
{
    Load, LoadByte, LoadScalar, Store, StoreImmediate, StoreScalar, Add,
}
