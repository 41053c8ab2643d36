namespace PolyArb.Simulator.Engine;

internal enum Mode
{
    Normal,
    Restarting,
    PostOnly,
    CancelOnly,
    Disabled,
}

/// <summary>
/// What the venue lets through (protocol 9.4). A mode ends by itself when it has an end; a restart is followed by two minutes of
/// post-only. Call it with the exchange's lock held.
/// </summary>
internal sealed class TradingMode(Agenda agenda)
{
    private const long AfterRestartMs = 120_000;

    private (Mode Mode, long Until) _set = (Mode.Normal, long.MaxValue);

    public Mode Now => Current.Mode;

    /// <summary>The engine does nothing at all.</summary>
    public bool Stands => Now is Mode.Restarting or Mode.Disabled;

    /// <summary>How long the present mode still lasts, in whole seconds; null when it has no end.</summary>
    public long? SecondsLeft => Current.Until == long.MaxValue ? null : (Current.Until - agenda.Now + 999) / 1000;

    private (Mode Mode, long Until) Current
    {
        get
        {
            var now = agenda.Now;
            if (now < _set.Until) return _set;
            return _set.Mode is Mode.Restarting && now - _set.Until < AfterRestartMs
                ? (Mode.PostOnly, _set.Until + AfterRestartMs)
                : (Mode.Normal, long.MaxValue);
        }
    }

    /// <summary>0 milliseconds: until it is set again.</summary>
    public void Set(Mode mode, long durationMs = 0) => _set = (mode, durationMs > 0 ? agenda.Now + durationMs : long.MaxValue);

    /// <summary>Null when a new order may go on.</summary>
    public PlaceResult.Refused? ForOrders(bool postOnly) => Now switch
    {
        Mode.CancelOnly => new(503, "Trading is currently cancel-only. New orders are not accepted, but cancels are allowed."),
        Mode.PostOnly when !postOnly => new(503, "post-only mode: only post-only orders and cancels are allowed")
        {
            Code = "post_only_mode",
            RetryAfterSeconds = SecondsLeft,
        },
        _ => ForCancels(),
    };

    /// <summary>Null when cancels are let through. The body of a 425 is not documented: this text is ours.</summary>
    public PlaceResult.Refused? ForCancels() => Now switch
    {
        Mode.Restarting => new(425, "the matching engine is restarting, please retry"),
        Mode.Disabled => new(503, "Trading is currently disabled. Check polymarket.com for updates"),
        _ => null,
    };
}
