using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;

namespace PolyArb.Storage;

/// <summary>
/// The markets of a recording by the inputs that opened them. Of a part of it they are as they were when it begins: the last opening before,
/// else the first one within, so that nothing of later is told.
/// </summary>
public sealed class RecordedMarkets(Domain.Instant from)
{
    private readonly Dictionary<Domain.ConditionId, CaptureMarket> _conditions = [];

    public CaptureHeader Header => new([.. _conditions.Values]);

    /// <summary>Any input; those that open no market say nothing.</summary>
    public void See(CaptureLine line)
    {
        if (line.Kind is not InputKind.Params || PortfolioDay.Owns(line) || !line.Text.Contains("\"Opened\"", StringComparison.Ordinal)) return;

        try
        {
            if (DomainJson.Read<OwnedInput>(line.Text).Input is DeskInput.Opened opened) See(opened, isWithin: line.At >= from);
        }
        catch (System.Text.Json.JsonException)
        {
            // A replay will name it.
        }
    }

    private void See(DeskInput.Opened opened, bool isWithin)
    {
        foreach (var condition in opened.Market.Conditions)
        {
            if (!isWithin || !_conditions.ContainsKey(condition.Id))
                _conditions[condition.Id] = new CaptureMarket(opened.Market.Id, condition.NegRisk ? opened.Market.Title : "", condition);
        }
    }
}
