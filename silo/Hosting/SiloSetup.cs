using System.Collections.Immutable;
using System.Net;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Guards;
using PolyArb.Domain.Quotes;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Silo.Alerts;
using PolyArb.Silo.Web;
using PolyArb.Storage;
using Serilog.Events;
using VenueOptions = PolyArb.Polymarket.VenueOptions;

namespace PolyArb.Silo.Hosting;

/// <summary>Every choice made before a silo is built.</summary>
internal sealed record SiloSetup
{
    public required DataDirectory Data { get; init; }

    /// <summary>Null: the silo is alone.</summary>
    public ClusterSetup? Cluster { get; init; }

    /// <summary>Where facts are kept, and what is made from them.</summary>
    public IDatabase Database => Cluster is { } cluster ? cluster.Database : Data.Journal;

    public required VenueOptions Venue { get; init; }

    /// <summary>Also what a replay on this silo goes by, where it is not told otherwise.</summary>
    public required Configuration Configuration { get; init; }

    public required IPAddress Address { get; init; }

    public required int SiloPort { get; init; }

    public required int GatewayPort { get; init; }

    /// <summary>Every tradable market, else the seeds.</summary>
    public required bool EnableAll { get; init; }

    public required ImmutableArray<MarketId> Seeds { get; init; }

    public required LogEventLevel LogLevel { get; init; }

    /// <summary>How the paper venue behaves; null for the real venue port.</summary>
    public required PaperOptions? Paper { get; init; }

    /// <summary>The local exchange, where merging and converting is done for real; null: it is reported as to do.</summary>
    public required Uri? SettlesAt { get; init; }

    /// <summary>False: it hosts markets, and others of its cluster trade for them.</summary>
    public bool HoldsKey { get; init; } = true;

    public required RecorderOptions Recorder { get; init; }

    public required ControlDoor Door { get; init; }

    public required SnapshotOptions Snapshots { get; init; }

    /// <summary>How what is not a fact is written.</summary>
    public required PersistenceOptions Persistence { get; init; }

    public required MetricsOptions Metrics { get; init; }

    public required TracesOptions Traces { get; init; }

    /// <summary>Where the pages are served; null: nowhere.</summary>
    public required WebSetup? Web { get; init; }

    public AlertSetup Alerts { get; init; } = AlertSetup.None;

    public required Redactor Redactor { get; init; }

    /// <summary>Market inputs that may wait before trading pauses.</summary>
    public required int WaitingHighWatermark { get; init; }

    public static TradingRules RulesOf(PolyArbOptions options, string mode) => new()
    {
        Edge = new()
        {
            MinEdge = options.Thresholds.MinEdge,
            FailureBuffer = options.Thresholds.FailureBuffer,
            MaxSlippageBps = options.Thresholds.MaxSlippageBps,
            Slippage = options.Thresholds.SlippageModel,
            FixedSlippageBps = options.Thresholds.FixedSlippageBps,
            Capital = new(options.Capital.Cost, options.Capital.RateBpsPerYear, options.Capital.MergeCost),
            MaxPlausibleEdgeBps = (int)(options.Baskets.MaxPlausibleEdge.Micros / 100),
            MaxLegs = options.Baskets.MaxLegs,
            TakerType = options.Taker.OrderType,
            MaxBasketOutlay = options.Risk.MaxPositionPerMarket,
            MaxLegMismatch = options.Sizing.MaxLegMismatch,
            AllYes = options.Baskets.AllYes,
            AllowDelayed = options.Taker.AllowDelayed,
            RetryAfter = options.Edge.RetryAfter,
            QuietAfterBasket = options.Edge.QuietAfterBasket,
            MaxDataAge = TimeSpan.FromSeconds(1),
            SettleTimeout = options.Proof.SettleTimeout,
            ProofCheck = options.Proof.Check is ProofPolicy.BeforeTrade ? ProofCheck.BeforeTrade : ProofCheck.Always,
            CompletionWindow = options.Baskets.CompletionWindow,
            UnwindWindow = options.Baskets.UnwindWindow,
            Guards = new GuardPolicy
            {
                SlippageMultiplierBps = (int)(options.Safety.SlippageMultiplier * 10_000),
                SlippageWindow = options.Safety.SlippageWindowSize,
                DecayMinRatioBps = (int)(options.Safety.EdgeDecayMinRatio * 10_000),
                DecayMinTrades = options.Safety.EdgeDecayMinTrades,
                DecayWindow = options.Safety.EdgeDecayWindowSize,
                PickedOffCount = options.Risk.PickedOffSpikeCount,
                PickedOffWindow = options.Risk.PickedOffWindow,
                PickedOffFreshness = options.Risk.PickedOffFreshness,
            },
            CompletionCapBps = (int)(options.Baskets.CompletionCostCap * 10_000),
            UnwindCapBps = (int)(options.Baskets.UnwindCostCap * 10_000),
            FlattenSlippageBps = options.TradingSafety.FlattenSlippageBps,
            FlattenPause = options.TradingSafety.FlattenPause,
            Maker = MakerOf(options),
        },
        Risk = new()
        {
            MaxPositionPerMarket = options.Risk.MaxPositionPerMarket,
            MaxTotalExposure = options.Risk.MaxTotalExposure,
            MaxOpenOrdersPerCondition = options.Risk.MaxOpenOrdersPerMarket,
            MaxUnresolvedOrders = options.Risk.MaxUnresolvedOrders,
            StaleAfter = TimeSpan.FromSeconds(1),
            ReservationTtl = TimeSpan.FromSeconds(5),
        },
        Breakers = BreakersOf(options),
        SettleMin = options.Settlement.MinShares,
        StartPaused = options.Runtime.StartPaused,
        Mode = mode,
        DryRun = options.Runtime.DryRun,
        AckTimeout = options.Control.AckTimeout,
        SendDeadline = TimeSpan.FromSeconds(1),
        Resting = new(options.Order.DefaultTtl, options.Order.MinLifetime, options.Order.MaxCancelsPerSecondPerMarket),
        Flatten = new(options.TradingSafety.FlattenMode is FlattenMode.CancelAndUnwind, options.TradingSafety.FlattenTimeout),
        Quarantine = new(options.Orders.UnansweredResolveAfter, options.Ledger.Tolerance),
        Pace = new(
            options.RateLimits.Global, options.RateLimits.PostBurst, options.RateLimits.PostSustained, options.RateLimits.DeleteBurst,
            options.RateLimits.DeleteSustained, options.RateLimits.BackoffBase, options.RateLimits.BackoffMax),
        SameIntent = new(options.Order.IntentPriceEpsilon, options.Order.IntentSizeEpsilon),
        CancelsOnConnect = options.Safety.CancelOnConnect,
        PauseCancels = options.Control.PauseCancels,
        Reconciling = new(options.Ledger.ReconcileEvery, options.Ledger.CompareAtLeastEvery, options.Ledger.Tolerance),
    };

    private static BreakerPolicy BreakersOf(PolyArbOptions options) => new()
    {
        MaxHourlyLoss = options.Risk.MaxHourlyLoss,
        MaxDailyLoss = options.Risk.MaxDailyLoss,
        MaxDrawdown = options.Risk.DrawdownLimit,
        LossHolds = TimeSpan.FromSeconds(2),
        MaxRejectBps = (int)(options.Risk.RejectRateLimit * 10_000),
        MaxLatency = options.Risk.P95LatencyLimit,
        AnswerWindow = TimeSpan.FromMinutes(5),
        AnswersMin = 20,
        MarketStreamTimeout = options.Risk.WebSocketHealthTimeout,
        UserStreamTimeout = options.Safety.UserWebSocketTimeout,
        PickedOffCount = options.Risk.PickedOffSpikeCount,
        PickedOffWindow = options.Risk.PickedOffWindow,
        MaxPhantomsPerMinute = options.Risk.MaxPhantomsPerMinute,
        MaxUnresolved = options.Risk.MaxUnresolvedOrders,
        UnresolvedHolds = options.Orders.UnansweredResolveAfter + TimeSpan.FromMinutes(1),
    };

    private static MakerPolicy? MakerOf(PolyArbOptions options) => !options.Maker.Enabled ? null : new()
    {
        Markets = options.Maker.Markets,
        Size = options.Maker.Size,
        ImproveTicks = options.Maker.ImproveTicks,
        SkewTicks = options.Maker.SkewTicks,
        MaxInventory = options.Maker.MaxInventory,
        MinLifetime = options.Order.MinLifetime,
    };
}
