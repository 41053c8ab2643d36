using System.Globalization;
using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.World;

/// <summary>Reads scenarios: those that come with the program by their name, others by their path.</summary>
internal static class ScenarioFile
{
    public static readonly QuestionListing Plain = new("Will it rain at noon?", 100, null, ["Yes", "No"], 5 * Units.MicrosOne);

    private static readonly (string, int)[] Ticks = [("0.1", 1000), ("0.01", 100), ("0.005", 50), ("0.0025", 25), ("0.001", 10), ("0.0001", 1)];

    /// <summary>Taker rates in 1/10,000 (protocol 8); the venue has no field for the category, markets carry the rate.</summary>
    private static readonly (string, int)[] Rates =
    [
        ("crypto", 700), ("sports", 500), ("finance", 400), ("politics", 400), ("tech", 400), ("mentions", 400), ("economics", 500),
        ("culture", 500), ("weather", 500), ("other", 500), ("geopolitics", 0),
    ];

    private static readonly (string, bool)[] Protocols = [("v1", false), ("v2", true)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Scenarios");

    /// <summary>Throws <see cref="FormatException"/>; a file that cannot be read is one too.</summary>
    public static Scenario Load(string nameOrPath)
    {
        var own = Path.Combine(Folder, nameOrPath + ".yaml");
        var path = File.Exists(own) ? own : nameOrPath;
        if (!File.Exists(path)) throw new FormatException($"there is no scenario {nameOrPath}; it takes a file or one of {string.Join(", ", Names())}");

        try
        {
            return Read(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"cannot read the scenario {nameOrPath}: {e.Message}");
        }
    }

    public static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Folder, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);

    public static Scenario Read(string file, string text)
    {
        var top = YamlSection.Root(file, text);
        var scenario = new Scenario(
            top.Text("description"), [.. top.Sections("markets").SelectMany(Questions)], [.. top.Sections("events").SelectMany(Events)],
            [.. top.Sections("series").Select(Series)], Flow(top.Section("flow")));
        top.End();
        if (scenario is { Series.Count: > 0, Flow.ChangesPerSecond: null }) throw top.Refuse("series", "needs flow.changes_per_second");

        var conditions = scenario.Questions.Count + scenario.Events.Sum(e => e.Names.Count) + scenario.Series.Count;
        return conditions is > 0 and <= WorldBuilder.ConditionsMax ? scenario : throw top.Refuse("markets", "markets, events and series must be 1 to 5000 conditions");
    }

    public static string Numbered(string text, int number) =>
        number == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text} ({number + 1})");

    private static IEnumerable<QuestionListing> Questions(YamlSection yaml)
    {
        var starts = yaml.Number("starts_in_seconds", 1, 1_000_000, 0);
        var listing = new QuestionListing(yaml.Text("question"), Tick(yaml), Fee(yaml), yaml.Texts("outcomes", 2, 2, ["Yes", "No"]), MinSize(yaml))
        {
            ProtocolV2 = yaml.Choice("protocol", Protocols, false),
            SecondsDelay = yaml.Number("seconds_delay", 0, 60, 0),
            HoldsTakers = yaml.Flag("holds_takers", false),
            StartsInSeconds = starts == 0 ? null : starts,
            ClearsAtStart = yaml.Flag("clears_at_start", false),
        };
        if (listing.ClearsAtStart && starts == 0) throw yaml.Refuse("clears_at_start", "needs starts_in_seconds");

        var count = yaml.Number("count", 1, WorldBuilder.ConditionsMax, 1);
        yaml.End();
        return Enumerable.Range(0, count).Select(i => listing with { Question = Numbered(listing.Question, i) });
    }

    private static IEnumerable<EventListing> Events(YamlSection yaml)
    {
        var tick = Tick(yaml);
        if (tick > 100) throw yaml.Refuse("tick", "an event takes 0.01 or finer: its prices add up to 1");

        var augmented = yaml.Flag("augmented", false);
        var names = yaml.Texts("outcomes", 3, augmented ? 19 : 20);
        var listing = new EventListing(yaml.Text("title"), tick, Fee(yaml), augmented ? [.. names, "Other"] : names, MinSize(yaml))
        {
            ProtocolV2 = yaml.Choice("protocol", Protocols, false),
            Augmented = augmented,
        };
        var count = yaml.Number("count", 1, WorldBuilder.ConditionsMax, 1);
        yaml.End();
        return Enumerable.Range(0, count).Select(i => listing with { Title = Numbered(listing.Title, i) });
    }

    private static SeriesListing Series(YamlSection yaml)
    {
        var listing = new SeriesListing(
            yaml.Text("asset"), Tick(yaml), Fee(yaml), MinSize(yaml), yaml.Number("life_seconds", 5, 86_400, 300), yaml.Number("resolve_seconds", 1, 3_600, 10));
        yaml.End();
        return listing;
    }

    private static FlowSettings Flow(YamlSection? yaml)
    {
        if (yaml is null) return new FlowSettings();

        var rate = yaml.Number("changes_per_second", 1, 20_000, 0);
        var flow = new FlowSettings
        {
            Moves = yaml.Flag("moves", true),
            ChangesPerSecond = rate == 0 ? null : rate,
            Makers = yaml.Number("makers", 1, 50, 2),
            NoisePerThousand = yaml.Number("noise_per_thousand", 0, 500, 20),
            InformedPerMinute = yaml.Number("informed_per_minute", 0, 6_000, 0),
            Mispricing = yaml.Flag("mispricing", true),
            OrderDelayMs = yaml.Number("order_delay_ms", 0, 10_000, 0),
            RivalsPerThousand = yaml.Number("rivals_per_thousand", 0, 1_000, 0),
            Burst = yaml.Section("burst") is { } burst ? Burst(burst) : null,
        };
        if (flow.RivalsPerThousand > 0 && flow.OrderDelayMs == 0) throw yaml.Refuse("rivals_per_thousand", "needs order_delay_ms");
        if (flow.Burst is not null && rate == 0) throw yaml.Refuse("burst", "needs changes_per_second");

        yaml.End();
        return flow;
    }

    private static Burst Burst(YamlSection yaml)
    {
        var burst = new Burst(yaml.Number("every_seconds", 1, 3_600, 30), yaml.Number("lasts_seconds", 1, 3_600, 5), yaml.Number("times", 2, 100, 10));
        if (burst.LastsSeconds >= burst.EverySeconds) throw yaml.Refuse("lasts_seconds", "must be less than every_seconds");

        yaml.End();
        return burst;
    }

    private static int Tick(YamlSection yaml) => yaml.Choice("tick", Ticks, 100);

    private static long MinSize(YamlSection yaml) => yaml.Number("min_size", 1, 1_000, 5) * Units.MicrosOne;

    /// <summary>The category's rate unless one is given, in 1/10,000; no fee at all where it is 0.</summary>
    private static FeeSchedule? Fee(YamlSection yaml)
    {
        var rate = yaml.Number("fee_bps", 0, 1_000, yaml.Choice("category", Rates, 0));
        var exponent = yaml.Number("fee_exponent", 1, 2, 1);
        return rate == 0 ? null : new FeeSchedule(rate, exponent);
    }
}
