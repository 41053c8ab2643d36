using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>
/// Changes parameters while the silo runs: planned, durable, then in force, one change after the other. A change that the disk does not
/// take does not happen.
/// </summary>
/// <param name="announce">Tells the portfolio everything again: it begins anew when its limits are others.</param>
/// <param name="fenced">What to do about an exception that says a newer gateway has taken over.</param>
internal sealed partial class Tuning(
    GatewayBooks books, IParameters parameters, Func<Task> announce, Action<Exception> fenced, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>How often something was put in force.</summary>
    public long Changes { get; private set; }

    /// <summary>At a start, before anything is decided: what was set by hand holds again, unless the configuration says something new of it.</summary>
    public async Task Restore()
    {
        var plan = parameters.Restore(books.Overrides);
        if (!plan.Changes.IsEmpty) await books.Record(new Fact.ParametersChanged(time.Now(), "start", "start", plan.Changes));
        PutInForce(plan);
        foreach (var change in plan.Changes) LogOverruled(change.Key, change.New, change.Old);
        foreach (var held in books.Overrides) LogHolds(held.Key, held.Text, held.By, held.Configured);
    }

    public Task<ParametersAnswer> Set(ImmutableArray<ParameterWish> wishes, string by) => Change(() => parameters.Set(wishes), "set", by);

    public Task<ParametersAnswer> Reload(string by) => Change(parameters.Reload, "reload", by);

    public void Dispose() => _gate.Dispose();

    private async Task<ParametersAnswer> Change(Func<ParameterPlan> planned, string source, string by)
    {
        await _gate.WaitAsync();
        try
        {
            return await Task.Run(planned) switch // It may read files.
            {
                ParameterPlan.Refused(var lines) => ParametersAnswer.Refuses(lines),
                ParameterPlan.Ready ready => await Carry(ready, source, by),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        finally
        {
            _gate.Release();
        }
    }

    private void PutInForce(ParameterPlan.Ready plan)
    {
        plan.PutInForce();
        Changes++;
    }

    private async Task<ParametersAnswer> Carry(ParameterPlan.Ready plan, string source, string by)
    {
        if (!plan.Changes.IsEmpty)
        {
            try
            {
                await books.Record(new Fact.ParametersChanged(time.Now(), by, source, plan.Changes));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                fenced(e);
                return ParametersAnswer.Refuses([$"{source}: nothing was changed: the journal did not take it: {e.Message}"]);
            }
        }

        PutInForce(plan);
        foreach (var change in plan.Changes) LogChanged(change.Key, change.Old, change.New, source, by);
        if (!plan.Changes.IsEmpty) await announce();
        return new ParametersAnswer([], plan.Changes, plan.NeedsRestart);
    }

    [LoggerMessage(LogLevel.Information, "{Key} is {New} now, no longer {Old}: {Source} by {By}")]
    private partial void LogChanged(string key, string old, string @new, string source, string by);

    [LoggerMessage(LogLevel.Warning, "{Key} is {Text}, set by {By}, where the configuration says {Configured}; `reload` gives that back")]
    private partial void LogHolds(string key, string text, string by, string configured);

    [LoggerMessage(LogLevel.Warning, "{Key} is {Text}, as the configuration says now, and no longer {Old}, which was set while it said something else")]
    private partial void LogOverruled(string key, string text, string old);
}
