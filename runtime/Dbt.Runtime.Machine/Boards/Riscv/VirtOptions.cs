namespace Dbt.Runtime.Machine.Boards.Riscv;

/// <summary>What may be chosen of a <see cref="VirtBoard"/>. A released version is frozen: it accepts these and means the same by them for ever.</summary>
public sealed record VirtOptions
{
    /// <summary>The versions that there are, the newest last.</summary>
    public static IReadOnlyList<string> Versions { get; } = ["virt-1"];

    /// <summary>Which version of the machine.</summary>
    public string Version { get; init; } = "virt-1";

    /// <summary>The interrupt controllers, as QEMU's <c>aia</c> names them.</summary>
    public AdvancedInterrupts Aia { get; init; }

    /// <summary>Whether harts have the Sstc extension: S mode sets its own timer.</summary>
    public bool Sstc { get; init; } = true;

    /// <summary>Reads <c>virt-1,aia=aplic,sstc=off</c>.</summary>
    /// <param name="text">A version, then options.</param>
    /// <param name="options">What it says.</param>
    /// <param name="error">What is wrong with it and what would be right, in one line; empty when it is right.</param>
    public static bool TryParse(string text, out VirtOptions options, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(',');
        options = new VirtOptions { Version = parts[0] };
        error = Versions.Contains(parts[0]) ? "" : $"there is no machine '{parts[0]}', only {string.Join(", ", Versions)}";
        foreach (var part in parts.AsSpan(1))
        {
            if (error.Length > 0)
                return false;
            (options, error) = part.Split('=') switch
            {
                ["aia", "none"] => (options with { Aia = AdvancedInterrupts.None }, ""),
                ["aia", "aplic"] => (options with { Aia = AdvancedInterrupts.Aplic }, ""),
                ["aia", "aplic-imsic"] => (options with { Aia = AdvancedInterrupts.AplicImsic }, ""),
                ["aia", var value] => (options, $"aia is none, aplic or aplic-imsic, not '{value}'"),
                ["sstc", "on"] => (options with { Sstc = true }, ""),
                ["sstc", "off"] => (options with { Sstc = false }, ""),
                ["sstc", var value] => (options, $"sstc is on or off, not '{value}'"),
                _ => (options, $"'{part}' is not an option of {options.Version}, which has aia=none|aplic|aplic-imsic and sstc=on|off"),
            };
        }
        return error.Length == 0;
    }
}
