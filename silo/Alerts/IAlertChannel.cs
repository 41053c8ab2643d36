namespace PolyArb.Silo.Alerts;

/// <summary>One way to a person.</summary>
internal interface IAlertChannel
{
    /// <summary>For the log; holds no secret.</summary>
    string Name { get; }

    /// <summary>How often an alert is tried before it is given up.</summary>
    int TriesMax { get; }

    /// <summary>Answers within seconds or when canceled, and never throws for what the world does.</summary>
    Task<Delivery> Send(Alert alert, CancellationToken cancellation);
}

/// <summary>What came of a try.</summary>
internal abstract record Delivery
{
    private Delivery()
    {
    }

    public sealed record Done : Delivery;

    /// <summary>It may do another time.</summary>
    /// <param name="RestFor">What the other side asks us to wait; null: as long as we like.</param>
    public sealed record Failed(string Why, TimeSpan? RestFor = null) : Delivery;

    /// <summary>It never will: trying again is no use.</summary>
    public sealed record Refused(string Why) : Delivery;
}
