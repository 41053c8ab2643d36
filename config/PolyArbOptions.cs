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

    public required AlertOptions Alerts { get; init; }

    public required PaperOptions Paper { get; init; }

    public required BacktestOptions Backtest { get; init; }

    public required SiloOptions Silo { get; init; }

    public required WebOptions Web { get; init; }

    public required MetricsOptions Metrics { get; init; }

    public required TracesOptions Traces { get; init; }

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
        Alerts = AlertOptions.Read(from),
        Paper = PaperOptions.Read(from),
        Backtest = BacktestOptions.Read(from),
        Silo = SiloOptions.Read(from),
        Web = WebOptions.Read(from),
        Metrics = MetricsOptions.Read(from),
        Traces = TracesOptions.Read(from),
        Parameters = new Parameters(from.Bound),
    };

    /// <summary>These options with one parameter changed, as `set` does; the parameter may be named by its last part alone.</summary>
    public SetResult Set(string name, string text) => Set([(name, text)]);

    /// <summary>The same with several at once, all of them or none: only what they come to together has to hold.</summary>
    public SetResult Set(IReadOnlyList<(string Name, string Text)> wishes) => Set(wishes, mayStart: false);

    /// <summary>The same before anything has started: every parameter may be changed.</summary>
    public SetResult SetAtStart(string name, string text) => Set([(name, text)], mayStart: true);

    /// <summary>These options, with everything that may change while the silo runs as it stands in others.</summary>
    public SetResult With(PolyArbOptions others) => Read(Parameters.All.ToDictionary(
        parameter => parameter.Key, parameter => (parameter.IsSettable ? others.Parameters[parameter.Key] : parameter).AsSetting));

    private SetResult Set(IReadOnlyList<(string Name, string Text)> wishes, bool mayStart)
    {
        var settings = Parameters.All.ToDictionary(kept => kept.Key, kept => kept.AsSetting);
        var named = new HashSet<string>();
        List<string> complaints = [];
        foreach (var (name, text) in wishes)
        {
            if (Parameters.Find(name) is not { } parameter)
                complaints.Add($"set: {name}: no such parameter, or more than one: did you mean {Parameters.Nearest(name)}?");
            else if (!parameter.IsSettable && !mayStart)
                complaints.Add($"set: {parameter.Key}: needs a restart: it is read at start only; change config.yaml and start again");
            else if (!named.Add(parameter.Key))
                complaints.Add($"set: {parameter.Key}: is named twice");
            else
                settings[parameter.Key] = new Setting("set", parameter.Key, text.Trim());
        }

        return complaints is [] ? Read(settings) : new SetResult.Refused([.. complaints]);
    }

    private static SetResult Read(Dictionary<string, Setting> settings)
    {
        var binder = new ParameterBinder(new Settings(settings, new Dictionary<string, Setting>()));
        var options = Read(binder);
        var complaints = binder.Complaints is [] ? OptionsRules.Broken(options) : binder.Complaints;
        return complaints is [] ? new SetResult.Changed(options) : new SetResult.Refused([.. complaints]);
    }
}
