namespace PolyArb.Simulator.World;

/// <summary>What a yes/no question is listed with. Tick in 1/10,000, minimum in micro-shares.</summary>
internal sealed record QuestionListing(string Question, int Tick, FeeSchedule? Fee, IReadOnlyList<string> Outcomes, long MinSize)
{
    public bool ProtocolV2 { get; init; }
    public int SecondsDelay { get; init; }
    public bool HoldsTakers { get; init; }

    /// <summary>The game starts this long after the exchange; null for no game.</summary>
    public int? StartsInSeconds { get; init; }

    public bool ClearsAtStart { get; init; }
}

/// <summary>A neg-risk event. The last name of an augmented one is its "Other".</summary>
internal sealed record EventListing(string Title, int Tick, FeeSchedule? Fee, IReadOnlyList<string> Names, long MinSize)
{
    public bool ProtocolV2 { get; init; }
    public bool Augmented { get; init; }
}

/// <summary>Up-or-down markets of an asset, one after another: each trades for its life, closes, and is resolved a while later.</summary>
internal sealed record SeriesListing(string Asset, int Tick, FeeSchedule? Fee, long MinSize, int LifeSeconds, int ResolveSeconds);

/// <summary>For the last so many seconds of every period there are so many times as many changes.</summary>
internal sealed record Burst(int EverySeconds, int LastsSeconds, int Times);

/// <summary>How the crowd behaves.</summary>
internal sealed record FlowSettings
{
    /// <summary>False leaves the opening books as they are.</summary>
    public bool Moves { get; init; } = true;

    /// <summary>Book changes a second over all conditions; null lets every condition move at its own pace, about 7 a second.</summary>
    public int? ChangesPerSecond { get; init; }

    /// <summary>How many accounts quote.</summary>
    public int Makers { get; init; } = 2;

    /// <summary>Of a thousand steps of a condition so many are trades of uninformed takers.</summary>
    public int NoisePerThousand { get; init; } = 20;

    /// <summary>So often, over all conditions, somebody who knows more trades against quotes that have yet to follow.</summary>
    public int InformedPerMinute { get; init; }

    /// <summary>Events are mispriced now and then.</summary>
    public bool Mispricing { get; init; } = true;

    public Burst? Burst { get; init; }

    /// <summary>How long an outsider's order is on its way at the most, and half of that at the least.</summary>
    public int OrderDelayMs { get; init; }

    /// <summary>Of a thousand requests with orders so many are overtaken: a rival takes from one of the prices they are after.</summary>
    public int RivalsPerThousand { get; init; }
}

/// <summary>Which conditions exist and how they are traded.</summary>
internal sealed record Scenario(
    string Description, IReadOnlyList<QuestionListing> Questions, IReadOnlyList<EventListing> Events, IReadOnlyList<SeriesListing> Series, FlowSettings Flow)
{
    /// <summary>As many conditions as asked for: whole events as long as they fit, then the questions again and again.</summary>
    public Scenario Resized(int count)
    {
        List<EventListing> events = [];
        var left = count;
        foreach (var listing in Events)
        {
            if (listing.Names.Count > left) continue;

            events.Add(listing);
            left -= listing.Names.Count;
        }

        IReadOnlyList<QuestionListing> some = Questions.Count > 0 ? Questions : [ScenarioFile.Plain];
        var questions = Enumerable.Range(0, left).Select(i =>
        {
            var listing = some[i % some.Count];
            return i < some.Count ? listing : listing with { Question = ScenarioFile.Numbered(listing.Question, i / some.Count) };
        });
        return this with { Questions = [.. questions], Events = events, Series = [] };
    }
}
