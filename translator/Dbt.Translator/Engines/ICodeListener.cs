namespace Dbt.Translator.Engines;

/// <summary>Hears of host code as it is made, for profilers and the like. Called under the engine's lock: must be quick, and not call back.</summary>
public interface ICodeListener
{
    /// <summary>A translation of guest code was made.</summary>
    /// <param name="engine">Name of the engine.</param>
    /// <param name="pc">Guest address of its first instruction.</param>
    /// <param name="code">The host's code, as it is executed. Gone when the engine drops it, without a word.</param>
    /// <param name="length">Bytes; 0 when the engine cannot tell, because .NET's JIT compiler made the code.</param>
    unsafe void BlockAdded(string engine, ulong pc, byte* code, int length);

    /// <summary>Code that translations share was made.</summary>
    /// <param name="engine">Name of the engine.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="code">The host's code, as it is executed.</param>
    /// <param name="length">Bytes.</param>
    unsafe void StubAdded(string engine, string name, byte* code, int length);
}
