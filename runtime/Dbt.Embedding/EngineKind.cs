namespace Dbt.Embedding;

/// <summary>How guest code is executed. All ways give the same results.</summary>
public enum EngineKind
{
    /// <summary>What suits the host: code that is executed often is compiled, the rest is interpreted.</summary>
    Automatic = 0,

    /// <summary>Interpreted.</summary>
    Interpreter = 1,

    /// <summary>Compiled at first sight.</summary>
    Compiler = 2,
}
