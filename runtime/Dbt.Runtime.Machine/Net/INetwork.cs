namespace Dbt.Runtime.Machine.Net;

/// <summary>What a network card is plugged into.</summary>
internal interface INetwork : IDisposable
{
    /// <summary>Plugs the card in. Once, before the machine runs.</summary>
    void Attach(INetworkPort port);

    /// <summary>The card has frames, or room for some. Safe from any thread; returns at once.</summary>
    void Wake();
}
