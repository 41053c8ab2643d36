using System.Collections.Immutable;
using Orleans.Concurrency;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;

namespace PolyArb.Grains.Interfaces;

/// <summary>One market's desk. Key: the market id.</summary>
[Alias("PolyArb.IMarketGrain")]
public interface IMarketGrain : IGrainWithStringKey, IMarketView
{
    /// <summary>
    /// Starts or keeps following the market; only this activates one. One that is not enabled finishes what it has open and opens
    /// nothing new. Idempotent.
    /// </summary>
    [Alias("Open")]
    Task Open(Market market, bool isEnabled);

    /// <summary>Stops following. An open basket keeps it open: false then.</summary>
    [Alias("Shut")]
    Task<bool> Shut();

    /// <summary>Takes no further turn, and says where it ended: for the end of a demo, whose digest must be final.</summary>
    [Alias("Freeze")]
    Task<MarketView> Freeze();

    /// <summary>One batch of a pump, in order; Gone when the session is not this activation's.</summary>
    [Alias("Apply")]
    Task<FeedAnswer> Apply(long session, [Immutable] ImmutableArray<FeedInput> batch);

    /// <summary>The gateway has news; may be lost.</summary>
    [OneWay, Alias("Nudge")]
    Task Nudge();
}

/// <summary>What readers may ask of a market, at any time.</summary>
[Alias("PolyArb.IMarketView")]
public interface IMarketView : IGrainWithStringKey
{
    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("View")]
    Task<MarketView> View();

    /// <summary>The top of every book with its proof, and the nearest edge. Looks, and changes nothing that the desk decides by.</summary>
    /// <param name="levels">A side, at most <see cref="MarketBooks.LevelsMax"/>.</param>
    [ReadOnly, AlwaysInterleave, ResponseTimeout(AskedAnew.After), Alias("Books")]
    Task<MarketBooks> Books(int levels);
}

/// <summary>A market as readers see it.</summary>
/// <param name="Digest">Head of the desk's decision digest.</param>
/// <param name="LateSnapshots">Snapshots older than the books they would have replaced, ignored.</param>
public sealed record MarketView(
    MarketId Id,
    string Title,
    int Conditions,
    int Synced,
    int Stale,
    ProofCounts Proofs,
    ImmutableDictionary<string, long> Phantoms,
    long Events,
    long Turns,
    long Detected,
    bool HasOpenBasket,
    long Session,
    string Digest,
    long LateSnapshots,
    GuardsView Guards)
{
    /// <summary>Of a market that nobody follows.</summary>
    public static MarketView Unfollowed(MarketId market) =>
        new(market, "", 0, 0, 0, default, ImmutableDictionary<string, long>.Empty, 0, 0, 0, false, 0, "", 0, GuardsView.None);
}

/// <summary>What a market has learned of itself since its desk opened.</summary>
/// <param name="PhantomSeconds">How long the phantoms that are over lasted, by cause.</param>
/// <param name="Buffer">The failure buffer in force, dollars a basket.</param>
/// <param name="Expected">Of its last baskets.</param>
/// <param name="Earned">By the same ones.</param>
/// <param name="PickedOff">Fills the price ran away from.</param>
public sealed record GuardsView(ImmutableDictionary<string, double> PhantomSeconds, Usd Buffer, Usd Expected, Usd Earned, long PickedOff)
{
    public static readonly GuardsView None = new(ImmutableDictionary<string, double>.Empty, Usd.Zero, Usd.Zero, Usd.Zero, 0);
}
