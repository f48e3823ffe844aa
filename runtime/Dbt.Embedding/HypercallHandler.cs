namespace Dbt.Embedding;

/// <summary>
/// Answers an environment call: takes its arguments from the registers (<see cref="VirtualHart.GetArgument"/>) and leaves the result there
/// (<see cref="VirtualHart.SetResult"/>). Called on the hart's thread; what it throws comes out of <see cref="VirtualHart.Run"/>. Arguments are hostile.
/// </summary>
/// <param name="hart">Who calls. It goes on behind the call, unless <see cref="VirtualHart.Pc"/> is changed.</param>
public delegate void HypercallHandler(VirtualHart hart);
