using Dbt.Isa;

namespace Dbt.Translator.Engines;

/// <summary>An engine as its <see cref="UpperTier"/> sees it.</summary>
internal interface ITierHost
{
    /// <summary>The engine's lock.</summary>
    Lock Gate { get; }

    /// <summary>Settings.</summary>
    EngineOptions Options { get; }

    /// <summary>Where instructions come from.</summary>
    IGuestCode Code { get; }

    /// <summary>Extensions that are on.</summary>
    ExtensionSet Extensions { get; }

    /// <summary>Whether code must count what it executes. Under <see cref="Gate"/>.</summary>
    bool Counts { get; }

    /// <summary>Makes every hart that runs now leave compiled code, and tell <see cref="UpperTier.Sample"/> where it is.</summary>
    void RequestSamples();

    /// <summary>
    /// Makes every hart find the tier's code where it begins, instead of the engine's own: soon, at its next safe point. False when one of the
    /// places cannot be fetched from any more. Under <see cref="Gate"/>.
    /// </summary>
    bool Publish(IReadOnlyList<ulong> entries);

    /// <summary>Disposes something when every hart that runs now has passed a safe point. Under <see cref="Gate"/>, before the drop is counted.</summary>
    void DisposeLater(IDisposable memory);

    /// <summary>Makes every hart forget, at its next safe point, what it knows of translations. Under <see cref="Gate"/>.</summary>
    void CountDrop();
}
