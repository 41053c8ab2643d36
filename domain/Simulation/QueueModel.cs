namespace PolyArb.Domain.Simulation;

/// <summary>
/// Where a resting order of ours stands among the orders at its price, which public data does not say. All of them join behind the size
/// displayed, and a trade at the price uses up who stands before us first; they differ in what a cancel of others means.
/// </summary>
public abstract record QueueModel
{
    private QueueModel()
    {
    }

    /// <summary>Only trades move us up. Whoever cancels stood behind us.</summary>
    public sealed record RiskAverse : QueueModel;

    /// <summary>
    /// Whoever cancels stood before us with a probability of ahead^power / (ahead^power + behind^power): the more of the level stands
    /// before us, the likelier it is one of those.
    /// </summary>
    /// <param name="Power">1 to 4. 1: every share is as likely to be cancelled; the higher, the likelier in the larger part.</param>
    public sealed record Probabilistic(int Power) : QueueModel;
}
