namespace PolyArb.Domain.Simulation;

/// <summary>
/// One level at which orders of ours rest, under the probabilistic model: tells cancels of others from trades. Level and print come as
/// two messages, in either order; until both are there, or <see cref="QueueModel.Probabilistic.PrintsWithin"/> is over, nobody moves
/// for the level's, or a trade would count twice.
/// </summary>
internal sealed class QueueWatch(QueueModel.Probabilistic model, Draws draws, Size shown)
{
    private readonly List<(Instant At, Size Size)> _unexplained = []; // Decreases that wait for their print, oldest first.
    private Size? _shown = shown; // Null: not known since a gap.
    private Size _others = shown; // What stands there besides us, decreases that wait included.
    private (Instant At, Size Size) _early; // Traded, and not yet seen in the level.

    /// <summary>Ours at this level, oldest first.</summary>
    public List<SimulatedOrder> Orders { get; } = [];

    public void Show(Size shown, Instant now)
    {
        if (_shown is not { } before)
        {
            _others = shown; // Whoever went meanwhile moves nobody.
        }
        else if (shown >= before)
        {
            _others += shown - before;
        }
        else
        {
            var unexplained = before - shown;
            var explained = Size.Min(unexplained, Early(now));
            if (explained > Size.Zero) _early = (_early.At, _early.Size - explained);
            if (unexplained > explained) _unexplained.Add((now, unexplained - explained));
        }

        _shown = shown;
    }

    /// <summary>A trade at this price; it has moved our orders up already.</summary>
    public void Trade(Size size, Instant now)
    {
        var left = size;
        while (left > Size.Zero && _unexplained.Count > 0)
        {
            var (at, waiting) = _unexplained[0];
            if (waiting > left) _unexplained[0] = (at, waiting - left);
            else _unexplained.RemoveAt(0);
            left -= Size.Min(waiting, left);
        }

        if (left > Size.Zero) _early = (now, Early(now) + left);
        _others -= Size.Min(size, _others);
    }

    /// <summary>Decreases whose print did not come were cancels. One draw for all of ours, for it was one order.</summary>
    public void Judge(Instant now)
    {
        while (_unexplained.Count > 0 && now - _unexplained[0].At > model.PrintsWithin)
        {
            var (at, cancelled) = _unexplained[0];
            _unexplained.RemoveAt(0);
            var drawn = draws.Below(Draws.Million);
            foreach (var order in Orders)
            {
                if (order.At < at) order.Ahead = model.After(order.Ahead, Size.Max(Size.Zero, _others - order.Ahead), cancelled, drawn);
            }

            _others -= Size.Min(cancelled, _others);
        }
    }

    /// <summary>A gap: what the level did meanwhile says nothing.</summary>
    public void Lose()
    {
        _unexplained.Clear();
        (_shown, _early) = (null, default);
    }

    private Size Early(Instant now) => now - _early.At <= model.PrintsWithin ? _early.Size : Size.Zero;
}
