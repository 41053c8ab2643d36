namespace PolyArb.Config;

/// <summary>The whole configuration, one record a section. Everything in it is legal: nothing else is ever built.</summary>
public sealed record PolyArbOptions
{
    public required RuntimeOptions Runtime { get; init; }

    public required MarketsOptions Markets { get; init; }

    public required VenueOptions Venue { get; init; }

    public required SignerOptions Signer { get; init; }

    public required ThresholdOptions Thresholds { get; init; }

    public required CapitalOptions Capital { get; init; }

    public required EdgeOptions Edge { get; init; }

    public required ProofOptions Proof { get; init; }

    public required SizingOptions Sizing { get; init; }

    public required BasketOptions Baskets { get; init; }

    public required TakerOptions Taker { get; init; }

    public required MakerOptions Maker { get; init; }

    public required RiskOptions Risk { get; init; }

    public required SafetyOptions Safety { get; init; }

    public required TradingSafetyOptions TradingSafety { get; init; }

    public required OrderOptions Order { get; init; }

    public required OrdersOptions Orders { get; init; }

    public required RateLimitOptions RateLimits { get; init; }

    public required LedgerOptions Ledger { get; init; }

    public required SettlementOptions Settlement { get; init; }

    public required PersistenceOptions Persistence { get; init; }

    public required RecorderOptions Recorder { get; init; }

    public required SnapshotOptions Snapshot { get; init; }

    public required ControlOptions Control { get; init; }

    public required PaperOptions Paper { get; init; }

    public required BacktestOptions Backtest { get; init; }

    public required SiloOptions Silo { get; init; }

    public required WebOptions Web { get; init; }

    /// <summary>The same values by key and as text.</summary>
    public required Parameters Parameters { get; init; }

    /// <summary>What an empty config.yaml and an empty environment mean; the shipped config.yaml says the same.</summary>
    public static PolyArbOptions Defaults { get; } = Read(new ParameterBinder(Settings.None));

    internal static PolyArbOptions Read(ParameterBinder from) => new()
    {
        Runtime = RuntimeOptions.Read(from),
        Markets = MarketsOptions.Read(from),
        Venue = VenueOptions.Read(from),
        Signer = SignerOptions.Read(from),
        Thresholds = ThresholdOptions.Read(from),
        Capital = CapitalOptions.Read(from),
        Edge = EdgeOptions.Read(from),
        Proof = ProofOptions.Read(from),
        Sizing = SizingOptions.Read(from),
        Baskets = BasketOptions.Read(from),
        Taker = TakerOptions.Read(from),
        Maker = MakerOptions.Read(from),
        Risk = RiskOptions.Read(from),
        Safety = SafetyOptions.Read(from),
        TradingSafety = TradingSafetyOptions.Read(from),
        Order = OrderOptions.Read(from),
        Orders = OrdersOptions.Read(from),
        RateLimits = RateLimitOptions.Read(from),
        Ledger = LedgerOptions.Read(from),
        Settlement = SettlementOptions.Read(from),
        Persistence = PersistenceOptions.Read(from),
        Recorder = RecorderOptions.Read(from),
        Snapshot = SnapshotOptions.Read(from),
        Control = ControlOptions.Read(from),
        Paper = PaperOptions.Read(from),
        Backtest = BacktestOptions.Read(from),
        Silo = SiloOptions.Read(from),
        Web = WebOptions.Read(from),
        Parameters = new Parameters(from.Bound),
    };

    /// <summary>These options with one parameter changed, as `set` does; the parameter may be named by its last part alone.</summary>
    public SetResult Set(string name, string text) => Set(name, text, mayStart: false);

    /// <summary>The same before anything has started: every parameter may be changed.</summary>
    public SetResult SetAtStart(string name, string text) => Set(name, text, mayStart: true);

    private SetResult Set(string name, string text, bool mayStart)
    {
        if (Parameters.Find(name) is not { } parameter)
        {
            return new SetResult.Refused($"set: {name}: no such parameter, or more than one: did you mean {Parameters.Nearest(name)}?");
        }

        if (!parameter.IsSettable && !mayStart)
        {
            return new SetResult.Refused($"set: {parameter.Key}: is read at start only: change config.yaml and start again");
        }

        var settings = Parameters.All.ToDictionary(kept => kept.Key, kept => new Setting(kept.Source, kept.NameAtSource, kept.Text));
        settings[parameter.Key] = new Setting("set", parameter.Key, text.Trim());
        var binder = new ParameterBinder(new Settings(settings, new Dictionary<string, Setting>()));
        var options = Read(binder);
        var complaints = binder.Complaints is [] ? OptionsRules.Broken(options) : binder.Complaints;
        return complaints is [var first, ..] ? new SetResult.Refused(first) : new SetResult.Changed(options);
    }
}
