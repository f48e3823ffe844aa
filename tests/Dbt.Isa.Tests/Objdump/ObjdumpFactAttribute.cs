namespace Dbt.Isa.Tests.Objdump;

/// <summary>A test that needs objdump; skipped, with the reason in the report, where it is not installed.</summary>
internal sealed class ObjdumpFactAttribute : FactAttribute
{
    public ObjdumpFactAttribute() => Skip = ObjdumpProcess.Missing;
}
