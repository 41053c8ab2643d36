using Microsoft.Extensions.Logging;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Dashboard;

/// <summary>What became of a wish to steer.</summary>
public abstract record ControlOutcome
{
    private ControlOutcome()
    {
    }

    /// <summary>Nothing was done, and why.</summary>
    public sealed record Refused(string Why) : ControlOutcome;

    public sealed record Answered(ControlAnswer Answer) : ControlOutcome;

    /// <summary>It may have been done, or not.</summary>
    public sealed record Unknown(string Why) : ControlOutcome;
}

/// <summary>
/// The only way from a page to the trader's verbs: with the control token, which is compared in constant time and kept nowhere. After a few
/// wrong ones nobody is let in for a while, right or not.
/// </summary>
public sealed partial class ControlDesk(DashboardSetup setup, ILogger<ControlDesk> logger)
{
    public const int WrongMax = 5;

    private const string By = "dashboard";
    private const int ReasonMax = 500;

    private static readonly TimeSpan WrongWindow = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Queue<long> _wrong = new(); // Timestamps.

    /// <summary>False: this silo has no control token, so nobody steers from here.</summary>
    public bool IsOpen => setup.IsToken is not null;

    public async Task<ControlOutcome> Act(ControlVerb verb, string reason, string token)
    {
        var why = reason.Trim();
        if (why.Length > ReasonMax) return new ControlOutcome.Refused($"a reason has at most {ReasonMax} letters");
        if (verb.WantsReason() && why.Length == 0) return new ControlOutcome.Refused("say why: it is written into the journal");
        if (Refuses(token) is { } refusal)
        {
            LogRefused(verb, refusal);
            return new ControlOutcome.Refused(refusal);
        }

        try
        {
            return new ControlOutcome.Answered(await setup.Trader.Act(verb, By, why.Length > 0 ? why : $"{verb.ToString().ToLowerInvariant()} on the dashboard"));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogUnknown(verb, e);
            return new ControlOutcome.Unknown($"No answer: it may have been done, or not. Look at the state, or ask polyarb-client status. ({e.Message})");
        }
    }

    private string? Refuses(string token)
    {
        if (setup.IsToken is not { } isToken) return "this silo has no control token: set CONTROL_TOKEN in the environment or .env, and start it anew";

        lock (_gate)
        {
            while (_wrong.TryPeek(out var oldest) && setup.Time.GetElapsedTime(oldest) > WrongWindow) _wrong.Dequeue();
            if (_wrong.Count >= WrongMax) return "too many wrong tokens: wait a minute, or use polyarb-client";
            if (isToken(token)) return null;

            _wrong.Enqueue(setup.Time.GetTimestamp());
            return "that is not this silo's control token";
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Verb} on the dashboard is refused: {Why}")]
    private partial void LogRefused(ControlVerb verb, string why);

    [LoggerMessage(LogLevel.Warning, "{Verb} on the dashboard was not answered")]
    private partial void LogUnknown(ControlVerb verb, Exception e);
}
