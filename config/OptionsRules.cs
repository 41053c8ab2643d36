namespace PolyArb.Config;

/// <summary>What must hold between parameters that are each legal alone.</summary>
internal static class OptionsRules
{
    /// <summary>One line for each rule that is broken.</summary>
    public static IReadOnlyList<string> Broken(PolyArbOptions options)
    {
        var lines = new List<string>();
        var all = options.Parameters;

        var (risk, safety) = (options.Risk, options.Safety);
        NotAbove("risk.max_position_per_market", risk.MaxPositionPerMarket, "risk.max_total_exposure", risk.MaxTotalExposure);
        NotAbove("risk.max_hourly_loss", risk.MaxHourlyLoss, "risk.max_daily_loss", risk.MaxDailyLoss);
        NotAbove("order.min_order_lifetime_ms", options.Order.MinLifetime, "order.default_ttl_ms", options.Order.DefaultTtl);
        NotAbove("maker.size", options.Maker.Size, "maker.max_inventory", options.Maker.MaxInventory);
        NotAbove("safety.edge_decay_min_trades", safety.EdgeDecayMinTrades, "safety.edge_decay_window_size", safety.EdgeDecayWindowSize);
        NotAbove(
            "thresholds.min_edge_threshold", options.Thresholds.MinEdge,
            "baskets.max_plausible_edge", options.Baskets.MaxPlausibleEdge);
        NotAbove(
            "runtime.event_queue_high_watermark", options.Runtime.EventQueueHighWatermark,
            "runtime.event_queue_maxsize", options.Runtime.EventQueueMaxSize);
        NotAbove(
            "persistence.buffer_high_watermark", options.Persistence.BufferHighWatermark,
            "persistence.buffer_maxsize", options.Persistence.BufferMaxSize);
        NotAbove(
            "rate_limits.adaptive_backoff_base_ms", options.RateLimits.BackoffBase,
            "rate_limits.adaptive_backoff_max_ms", options.RateLimits.BackoffMax);

        NotAbove("paper.latency_min_ms", options.Paper.LatencyMin, "paper.latency_max_ms", options.Paper.LatencyMax);

        if (options.Venue is { SignatureType: not 0, Funder: null })
        {
            Complain("venue.signature_type", "types 1, 2 and 3 need FUNDER, the address that holds the money");
        }

        if (!options.Runtime.DryRun)
        {
            NotInClear("venue.clob_rest_url", options.Venue.RestUrl);
            NotInClear("venue.clob_ws_url", options.Venue.WebSocketUrl);
            NotInClear("gamma.gamma_api_url", options.Venue.GammaUrl);
            NotInClear("venue.data_api_url", options.Venue.DataUrl);
        }

        if (options.Control.TelegramEnabled) NotInClear("control.telegram_api_url", options.Control.TelegramUrl);
        if (options.Proof.Check is ProofPolicy.Off) Complain("proof.check", "must be always or before_trade in this version");
        if (options.Silo.Port == options.Silo.GatewayPort) Complain("silo.gateway_port", "must not be silo.port");
        if (options.Web.Port is { } web && (web == options.Silo.Port || web == options.Silo.GatewayPort)) Complain("web.port", "must not be silo.port or silo.gateway_port");
        if (options is { Persistence.Provider: StorageProvider.Postgres, Runtime: { DryRun: true, Mode: BotMode.Live } })
        {
            Complain("storage.provider", "a dry run is one silo's: storage.provider must be sqlite");
        }

        if (options.Persistence.DbPath == options.Recorder.DbPath) Complain("recorder.db_path", "must not be persistence.db_path");
        if (options.Control is { TelegramEnabled: true, TelegramAllowlist: [] })
        {
            Complain("control.telegram_enabled", "needs at least one user id in control.telegram_allowlist");
        }

        return lines;

        void NotAbove<T>(string key, T value, string limitKey, T limit) where T : IComparable<T>
        {
            if (value.CompareTo(limit) > 0) Complain(key, $"must not be above {limitKey} = {all[limitKey].Text}");
        }

        // Keys and tokens go there, and what comes back is traded on.
        void NotInClear(string key, Uri? address)
        {
            if (address is { Scheme: "http" or "ws", IsLoopback: false }) Complain(key, "must be https:// or wss:// where it is not this machine");
        }

        void Complain(string key, string must) => lines.Add(all[key].Complaint(must));
    }
}
