namespace Dbt.Embedding.Machines;

/// <summary>A machine that cannot be had, with the reason in one line: no kernel, too little memory, a disk that is not there.</summary>
/// <param name="message">The reason.</param>
/// <param name="inner">What else is known.</param>
public sealed class MachineException(string message, Exception? inner = null) : Exception(message, inner);
