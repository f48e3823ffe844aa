namespace Dbt.Isa.Tests.Objdump;

/// <summary>A test that needs objdump; skipped, with the reason in the report, where it is not installed.</summary>
internal sealed class ObjdumpTheoryAttribute : TheoryAttribute
{
    public ObjdumpTheoryAttribute() => Skip = ObjdumpProcess.Missing;
}
