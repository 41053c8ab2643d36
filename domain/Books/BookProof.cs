namespace PolyArb.Domain.Books;

/// <summary>What is known about a condition's book against the venue's own hashes.</summary>
public enum ProofState
{
    /// <summary>Nothing to compare with yet.</summary>
    Unknown,

    /// <summary>A change arrived whose hash does not fit yet; more of the same update may be on its way.</summary>
    Unsettled,

    Proven,

    Failed,

    /// <summary>A change arrived whose hash nobody has compared: that is done when the book is to be traded on.</summary>
    Unchecked,
}

/// <summary>When a change's hash is compared with the book; a snapshot's always is.</summary>
public enum ProofCheck
{
    /// <summary>At every change.</summary>
    Always,

    /// <summary>Only when the book is to be traded on. A book that does not fit is found out then, and not before.</summary>
    BeforeTrade,
}

/// <summary>One proof = one book message, or one settled update of a condition with all its tokens.</summary>
public readonly record struct ProofCounts(long Ok, long Failed, long Unknown)
{
    public static ProofCounts operator +(ProofCounts left, ProofCounts right) =>
        new(left.Ok + right.Ok, left.Failed + right.Failed, left.Unknown + right.Unknown);
}

/// <summary>
/// Compares a condition's book with the hashes the venue sends. The hash of a price_change is of the book AFTER the whole
/// update, and several messages may belong to one (timestamp, hash): no match is Unsettled until a message of another one
/// comes for the same token, or until too long after it was received (design 2.2).
/// </summary>
public sealed class BookProof(Condition condition, BookFormat? format, ProofCheck when = ProofCheck.Always)
{
    private static readonly string[] UsualMinSizes = ["5", "15", "1", "10", "20", "50", "100", "0"];
    private static readonly string[] UsualTicks = ["0.01", "0.001", "0.1", "0.005", "0.0025", "0.0001"];

    /// <summary>A whole grid is searched once for an unknown last trade, up to this many prices.</summary>
    private const int GridMax = 1_000;

    private const int LastTradesMax = 4;

    private readonly BookText _text = new();
    private readonly List<Price> _touched = []; // Levels of the update under way, in YES terms: a trade happened at one of them.
    private readonly List<string> _lastTrades = condition.LastTrade is { } known ? [known] : []; // Newest first; prints come late.
    private Update? _pending;
    private Update? _settled;
    private Update? _unchecked;
    private bool _isMirrored; // That one's entries.

    /// <summary>Null until the parameters are known or guessed right.</summary>
    public BookFormat? Format { get; private set; } = format;

    /// <summary>One value for both tokens in YES terms, in the venue's own text; null when unknown.</summary>
    public string? LastTrade => _lastTrades.Count == 0 ? null : _lastTrades[0];

    public ProofState State { get; private set; }

    /// <summary>Of the update that failed, or is unsettled, one token's hash fits and the other's does not, or its two tokens disagree.</summary>
    public bool IsSkewed { get; private set; }

    public ProofCounts Counts { get; private set; }

    public bool IsOverdue(Instant now, TimeSpan settleTimeout) => _pending is { } pending && now - pending.Since >= settleTimeout;

    /// <param name="isOutdated">Newer changes are known: whatever its hash says, the book is not the venue's.</param>
    public void Snapshot(in BookUpdate snapshot, Outcome outcome, Book book, bool isOutdated)
    {
        if (snapshot.Tick is { } tick) Retick(tick);
        if (snapshot.LastTrade is { } lastTrade) Remember(lastTrade);

        var update = Update.Of(snapshot.VenueMs, outcome, snapshot.Hash, default);
        Settle(update);
        (_pending, _unchecked, IsSkewed) = (null, null, false);
        if (snapshot.Hash is null)
        {
            State = ProofState.Unknown;
            return;
        }

        if (!isOutdated && (Matches(update, book, searchGrid: LastTrade is null) || MatchesOtherVersion(update, book))) Prove(update, isBook: true);
        else Refuse();
    }

    public void Change(in BookUpdate changes, Book book, Instant receivedAt)
    {
        var update = new Update(changes.VenueMs, null, null, receivedAt);
        var isSame = (_pending ?? _unchecked) is { } before && before.VenueMs == changes.VenueMs;
        if (!isSame) _touched.Clear();
        foreach (ref readonly var entry in changes.Entries.Span)
        {
            if (condition.OutcomeOf(entry.Token) is not { } outcome) continue;

            update = outcome is Outcome.Yes ? update with { Yes = entry.Hash } : update with { No = entry.Hash };
            var price = outcome is Outcome.Yes ? entry.Level.Price : entry.Level.Price.Complement;
            if (_touched.Count < 64 && !_touched.Contains(price)) _touched.Add(price);
        }

        Settle(update);
        _unchecked = null;
        if (update is { Yes: null, No: null })
        {
            State = ProofState.Unknown;
            return;
        }

        _isMirrored = IsMirrored(changes.Entries.Span, book);
        update = update with { Since = _pending?.Since ?? receivedAt };
        if (when is ProofCheck.Always) Check(update, book);
        else (_unchecked, _pending, State, IsSkewed) = (update, null, ProofState.Unchecked, false);
    }

    /// <summary>Compares now what was left for later.</summary>
    public void Check(Book book)
    {
        if (_unchecked is not { } update) return;

        _unchecked = null;
        Check(update, book);
    }

    /// <summary>What <see cref="Check(Book)"/> would find; nothing changes.</summary>
    public bool WouldFit(Book book) => _unchecked is { } update && _isMirrored && Fit(update, book, searchGrid: false) is not null;

    public void Trade(in BookUpdate trade)
    {
        if (condition.OutcomeOf(trade.Token) is not { } outcome) return;

        var price = outcome is Outcome.Yes ? trade.Level.Price : trade.Level.Price.Complement;
        Remember(Padded(price));
    }

    /// <summary>The update under way never became the book we have.</summary>
    public void Expire()
    {
        if (_pending is null) return;

        _pending = null;
        Refuse();
    }

    /// <summary>The book is gone; what was known about it is worth nothing.</summary>
    public void Reset(Price? tick = null)
    {
        if (tick is { } newTick) Retick(newTick);
        (_pending, _settled, _unchecked, State, IsSkewed) = (null, null, null, ProofState.Unknown, false);
    }

    private void Check(Update update, Book book)
    {
        if (_isMirrored && Matches(update, book, searchGrid: false))
        {
            Prove(update, isBook: false);
        }
        else if (Format is null)
        {
            Refuse();
        }
        else
        {
            _pending = update;
            State = ProofState.Unsettled;
            IsSkewed = !_isMirrored || FitsOneToken(update, book);
        }
    }

    /// <summary>
    /// Both tokens' entries end up as levels of one book, so the last word on each level must be the book's: a message whose
    /// YES and NO entries disagree proves nothing, whatever their hashes say.
    /// </summary>
    private bool IsMirrored(ReadOnlySpan<LevelChange> entries, Book book)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            var (token, side, level, _) = entries[i];
            if (condition.OutcomeOf(token) is not { } outcome || IsRepeated(entries, i)) continue;
            if (book.SizeAt(outcome, side, level.Price) != level.Size) return false;
        }

        return true;

        static bool IsRepeated(ReadOnlySpan<LevelChange> entries, int index)
        {
            for (var later = index + 1; later < entries.Length; later++)
            {
                if (entries[later].Token == entries[index].Token && entries[later].Side == entries[index].Side
                    && entries[later].Level.Price == entries[index].Level.Price) return true;
            }

            return false;
        }
    }

    private bool FitsOneToken(Update update, Book book) => update is { Yes: not null, No: not null }
        && (Matches(update with { Yes = null }, book, searchGrid: false) || Matches(update with { No = null }, book, searchGrid: false));

    private void Retick(Price tick)
    {
        if (Format is not null) Format = Format with { Tick = tick.ToString() };
    }

    /// <summary>News of another update for the same token: the one under way will never fit.</summary>
    private void Settle(Update next)
    {
        if (_pending is not { } pending || !pending.IsContradictedBy(next)) return;

        _pending = null;
        Refuse();
    }

    private void Prove(Update update, bool isBook)
    {
        if (isBook || _settled is not { } settled || !settled.IsSameAs(update)) Counts += new ProofCounts(1, 0, 0);
        if (!isBook) _settled = update;
        (_pending, State, IsSkewed) = (null, ProofState.Proven, false);
        _touched.Clear();
    }

    private void Refuse()
    {
        Counts += Format is null ? new ProofCounts(0, 0, 1) : new ProofCounts(0, 1, 0);
        State = Format is null ? ProofState.Unknown : ProofState.Failed;
    }

    /// <summary>True if every hash of the update fits; remembers the last trade price and the format that made it fit.</summary>
    private bool Matches(Update update, Book book, bool searchGrid)
    {
        if (Fit(update, book, searchGrid) is not var (format, lastTrade)) return false;

        Format = format;
        Remember(lastTrade);
        return true;
    }

    /// <summary>The format and the last trade price with which every hash of the update fits; null when none does.</summary>
    private (BookFormat Format, string LastTrade)? Fit(Update update, Book book, bool searchGrid)
    {
        if (Format is { } known) return LastTradeOf(update, book, known, searchGrid) is { } lastTrade ? (known, lastTrade) : null;

        foreach (var guess in Guesses())
        {
            if (LastTradeOf(update, book, guess, searchGrid: false) is { } fitting) return (guess, fitting);
        }

        return null;
    }

    /// <summary>
    /// No live book of Protocol V2 has been seen yet. The local exchange writes its version as the last key, inside the hashed
    /// text (decision 10); the venue may leave it out of the text.
    /// </summary>
    private bool MatchesOtherVersion(Update update, Book book)
    {
        if (Format is not { } known) return false;

        var other = known with { Version = known.Version is null ? BookFormat.V2 : null };
        if (LastTradeOf(update, book, other, searchGrid: LastTrade is null) is not { } lastTrade) return false;

        Format = other;
        Remember(lastTrade);
        return true;
    }

    private IEnumerable<BookFormat> Guesses() =>
        from version in (string?[])[null, BookFormat.V2]
        from negRisk in (bool[])[condition.NegRisk, !condition.NegRisk]
        from minSize in UsualMinSizes
        from tick in UsualTicks
        select new BookFormat(minSize, tick, negRisk, version);

    /// <summary>The last trade price with which every hash of the update fits in this format; null when none does.</summary>
    private string? LastTradeOf(Update update, Book book, BookFormat format, bool searchGrid)
    {
        foreach (var known in _lastTrades)
        {
            if (Fits(known)) return known;
        }

        foreach (var price in _touched)
        {
            if ((Written(price) ?? Written(price.Complement)) is { } fitting) return fitting;
        }

        if (LastTrade is null && Fits("")) return "";
        if (!searchGrid) return null;

        var tick = Price.Parse(format.Tick);
        if (Price.TicksPerDollar / tick.Ticks > GridMax) return null;

        for (var ticks = tick.Ticks; ticks < Price.TicksPerDollar; ticks += tick.Ticks)
        {
            if (Written(new Price(ticks)) is { } fitting) return fitting;
        }

        return null;

        string? Written(Price price) => Padded(price) is var padded && Fits(padded) ? padded : price.ToString() is var plain && Fits(plain) ? plain : null;

        bool Fits(string lastTrade) =>
            !(update.Yes is { } yes && Hash(Outcome.Yes, lastTrade) != yes) && !(update.No is { } no && Hash(Outcome.No, lastTrade) != no);

        BookHash Hash(Outcome outcome, string lastTrade) =>
            _text.Hash(condition.Id, condition.Token(outcome), update.VenueMs, book.Of(outcome), format, lastTrade);
    }

    private void Remember(string lastTrade)
    {
        if (_lastTrades.Count > 0 && _lastTrades[0] == lastTrade) return;

        _lastTrades.Remove(lastTrade);
        _lastTrades.Insert(0, lastTrade);
        if (_lastTrades.Count > LastTradesMax) _lastTrades.RemoveAt(LastTradesMax);
    }

    /// <summary>The venue writes a last trade price with at least three decimals.</summary>
    private static string Padded(Price price) => FixedPoint.Padded(price.Ticks, Price.Decimals, shown: 3);

    /// <summary>One update as the venue counts them: a timestamp with a hash per token.</summary>
    private readonly record struct Update(long VenueMs, BookHash? Yes, BookHash? No, Instant Since)
    {
        public static Update Of(long venueMs, Outcome outcome, BookHash? hash, Instant since) => outcome is Outcome.Yes
            ? new Update(venueMs, hash, null, since)
            : new Update(venueMs, null, hash, since);

        public bool IsSameAs(Update other) => VenueMs == other.VenueMs && Yes == other.Yes && No == other.No;

        public bool IsContradictedBy(Update next) =>
            (Yes is not null && next.Yes is not null && (VenueMs != next.VenueMs || Yes != next.Yes)) ||
            (No is not null && next.No is not null && (VenueMs != next.VenueMs || No != next.No));
    }
}
