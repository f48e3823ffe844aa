namespace Dbt.Translator.Systems;

/// <summary>What <see cref="ISystemHart.Attend"/> changed.</summary>
[Flags]
public enum SystemChange
{
    /// <summary>Nothing that engines keep.</summary>
    None = 0,

    /// <summary>Any pc may lead to other code.</summary>
    Translation = 1,

    /// <summary>Those in the page of <see cref="Isa.Systems.SystemHeader.FenceAddress"/> may.</summary>
    Page = 2,

    /// <summary>The engine should return to its caller.</summary>
    Leave = 4,
}
