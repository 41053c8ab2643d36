using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Guards;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Risk;

namespace PolyArb.Domain.Replay;

/// <summary>One market of a simulated day: its desk, driven as its grain would, and what is kept about it.</summary>
internal sealed class DaySeat
{
    private const int DigestBlock = 512;

    private readonly EdgePolicy _policy;
    private readonly List<MarketDesk> _before = []; // Desks of the same market with other terms.
    private readonly List<ConditionWatch> _watches = [];
    private readonly SortedDictionary<string, long> _gaps = new(StringComparer.Ordinal);
    private readonly string _tick;

    public DaySeat(Market market, EdgePolicy policy, Instant now)
    {
        (Listed, _policy) = (market, policy);
        _tick = DomainJson.Write(new OwnedInput(market.Id, new DeskInput.Tick()));
        Sit(market, memory: null, now);
    }

    public MarketDesk Desk { get; private set; }

    public MarkKeeper Marks { get; private set; }

    /// <summary>The catalogue's last word, as far as the recording has come.</summary>
    public Market Listed { get; private set; }

    /// <summary>What the catalogue said since while the desk was busy.</summary>
    public Market? Renewal { get; set; }

    /// <summary>Its books have moved in this burst, and nothing was decided since.</summary>
    public bool IsMoved { get; set; }

    /// <summary>A tick is on the agenda.</summary>
    public bool IsTicking { get; set; }

    /// <summary>Bids are not told before.</summary>
    public Instant NextMark { get; set; }

    public IEnumerable<MarketDesk> Desks => _before.Append(Desk);

    /// <summary>Its conditions' books by place, as the desk has them now.</summary>
    public ReadOnlySpan<ConditionWatch> Watches => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_watches)[^Desk.Books.Count..];

    /// <summary>A new desk when something that it is traded by differs and it is not busy; else later.</summary>
    /// <returns>True when there is a new desk.</returns>
    public bool Renew(Market listed, Instant now)
    {
        Renewal = null;
        if (Desk.Renewed(Listed, listed) is not { } renewed)
        {
            Listed = listed;
            return false;
        }

        if (Desk.IsBusy || Desk.HasOpen)
        {
            Renewal = listed;
            return false;
        }

        Listed = listed;
        foreach (var watch in Watches) watch.Close(now);
        _before.Add(Desk);
        Sit(renewed, Desk.Memory, now);
        return true;
    }

    public void Lost(string cause, Instant now)
    {
        _gaps[cause] = _gaps.GetValueOrDefault(cause) + 1;
        Look(now);
    }

    /// <summary>What is known of its books now: a turn may have compared hashes.</summary>
    public void Look(Instant now)
    {
        foreach (var watch in Watches) watch.Look(now);
    }

    public DeskDecision? Tick(Instant now) => Desk.Turn(new DeskInput.Tick(), _tick, now);

    public DeskDecision? Turn(DeskInput input, Instant now) => Desk.Turn(input, DomainJson.Write(new OwnedInput(Listed.Id, input)), now);

    public MarketRow Row(Instant end)
    {
        var (watched, whole, leftUnchecked) = (TimeSpan.Zero, TimeSpan.Zero, 0L);
        foreach (var watch in _watches)
        {
            var (all, good) = watch.Until(end);
            (watched, whole, leftUnchecked) = (watched + all, whole + good, leftUnchecked + watch.Unchecked);
        }

        var proofs = Desks.Aggregate(default(ProofCounts), (sum, desk) => sum + desk.Proofs);
        return new MarketRow(
            Listed.Id, Listed.Title, Desks.Sum(desk => desk.Events), Desks.Sum(desk => desk.Detected),
            new Coverage(watched, whole, proofs, [.. _gaps.Select(gap => new CauseCount(gap.Key, gap.Value))], leftUnchecked));
    }

    [MemberNotNull(nameof(Desk), nameof(Marks))]
    private void Sit(Market market, DeskMemory? memory, Instant now)
    {
        Desk = new MarketDesk(new DeskInput.Opened(market, _policy, memory), new DecisionDigest(DigestBlock));
        Marks = new MarkKeeper(Desk, _policy);
        _watches.AddRange(Desk.Books.Select(book => new ConditionWatch(book, now)));
    }
}
