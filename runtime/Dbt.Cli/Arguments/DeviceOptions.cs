using System.CommandLine;
using System.CommandLine.Parsing;
using Dbt.Runtime.Machine.Net;
using Dbt.Runtime.Machine.Virtio;

namespace Dbt.Cli.Arguments;

/// <summary>The options that plug devices into a machine.</summary>
internal sealed class DeviceOptions
{
    private readonly Option<string[]> _disks = Repeated("--disk", "FILE[,ro][,serial=TEXT][,pci]",
        "A disk with a raw image, /dev/vda and so on in the guest; may be repeated", text => Disk(text).Error);

    private readonly Option<string[]> _networks = Repeated("--net", "user[,hostfwd=tcp:[ADDRESS]:PORT-:GUESTPORT][,restrict=on][,pci]",
        "A network card that reaches what this host reaches; hostfwd lets connections in, from this host only unless ADDRESS is 0.0.0.0; restrict lets none out", text => Network(text).Error);

    private readonly Option<string[]> _shares = Repeated("--share", "DIR[,tag=TAG][,ro][,pci]",
        "A directory of this host, mounted in the guest by 'mount -t 9p -o trans=virtio TAG /mnt'; its tag is 'share' without one", text => Share(text).Error);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_disks);
        command.Add(_networks);
        command.Add(_shares);
    }

    /// <summary>The devices that the command line asks for, and a source of random numbers.</summary>
    public IReadOnlyList<VirtioOptions> Of(ParseResult line) =>
    [
        .. (line.GetValue(_disks) ?? []).Select(text => Disk(text).Options!),
        .. (line.GetValue(_networks) ?? []).Select(text => Network(text).Options!),
        .. (line.GetValue(_shares) ?? []).Select(text => Share(text).Options!),
        new EntropyOptions(),
    ];

    private static Option<string[]> Repeated(string name, string helpName, string description, Func<string, string?> error)
    {
        var option = new Option<string[]>(name) { HelpName = helpName, Description = description, Arity = ArgumentArity.OneOrMore };
        option.Validators.Add(result => AddErrors(result, error));
        return option;
    }

    private static void AddErrors(OptionResult result, Func<string, string?> error)
    {
        foreach (var token in result.Tokens)
        {
            if (error(token.Value) is { } text)
                result.AddError(text);
        }
    }

    private static (VirtioOptions? Options, string? Error) Disk(string text)
    {
        var parts = Parts(text);
        var options = new DiskOptions(parts[0]);
        foreach (var part in parts.AsSpan(1))
        {
            switch (part.Split('=', 2))
            {
                case ["ro"]:
                    options = options with { IsReadOnly = true };
                    break;
                case ["serial", var serial]:
                    options = options with { Serial = serial };
                    break;
                case ["pci"]:
                    options = options with { IsOnPci = true };
                    break;
                default:
                    return (null, $"--disk has ro, serial=TEXT and pci behind the file, not '{part}'");
            }
        }
        return (options, null);
    }

    private static (VirtioOptions? Options, string? Error) Network(string text)
    {
        var parts = Parts(text);
        var options = new NetworkOptions();
        if (parts[0] != "user")
            return (null, $"--net takes user, not '{parts[0]}'");
        foreach (var part in parts.AsSpan(1))
        {
            switch (part.Split('=', 2))
            {
                case ["hostfwd", var forward] when PortForward.TryParse(forward, out var ports):
                    options = options with { Forwards = [.. options.Forwards, ports!] };
                    break;
                case ["restrict", "on" or "off"]:
                    options = options with { IsRestricted = part.EndsWith("on", StringComparison.Ordinal) };
                    break;
                case ["pci"]:
                    options = options with { IsOnPci = true };
                    break;
                default:
                    return (null, $"--net user has hostfwd=tcp::PORT-:GUESTPORT, restrict=on and pci, not '{part}'");
            }
        }
        return (options, null);
    }

    private static (VirtioOptions? Options, string? Error) Share(string text)
    {
        var parts = Parts(text);
        var options = new ShareOptions(parts[0], "share");
        foreach (var part in parts.AsSpan(1))
        {
            switch (part.Split('=', 2))
            {
                case ["ro"]:
                    options = options with { IsReadOnly = true };
                    break;
                case ["tag", { Length: > 0 } tag]:
                    options = options with { Tag = tag };
                    break;
                case ["pci"]:
                    options = options with { IsOnPci = true };
                    break;
                default:
                    return (null, $"--share has tag=TAG, ro and pci behind the directory, not '{part}'");
            }
        }
        return (options, null);
    }

    // A comma of a name is written twice.
    private static string[] Parts(string text) => [.. text.Replace(",,", "\0", StringComparison.Ordinal).Split(',').Select(part => part.Replace('\0', ','))];
}
