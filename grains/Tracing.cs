using System.Diagnostics;
using Orleans.Runtime;
using PolyArb.Domain.Risk;

namespace PolyArb.Grains;

/// <summary>
/// The way of a basket as spans: from what a desk asks for to the venue's answer. While nobody listens each is a look at a flag. In them
/// stand ids, counts and words of ours, never what the venue or an exception said.
/// </summary>
public static class Tracing
{
    public const string Name = "PolyArb";

    /// <summary>What carries a trace to the gateway, on this one call. Orleans' own way is a filter on every call of every grain.</summary>
    private const string Carried = "traceparent";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>What a desk asks for until it is answered; <see cref="Submit"/> goes on with it in the gateway.</summary>
    internal static Activity? Basket(Proposal proposal)
    {
        if (Source.StartActivity("basket") is not { } span) return null;

        RequestContext.Set(Carried, span.Id!);
        return Describe(span, proposal);
    }

    internal static Activity? Reserve() => Source.StartActivity("reserve");

    internal static Activity? Submit(Proposal proposal)
    {
        if (!Source.HasListeners()) return null;

        ActivityContext.TryParse(RequestContext.Get(Carried) as string, null, isRemote: true, out var basket);
        RequestContext.Remove(Carried); // It goes no further than here.
        return Describe(Source.StartActivity("submit", ActivityKind.Server, basket), proposal);
    }

    internal static Activity? Sign() => Source.StartActivity("sign");

    internal static Activity? Journal() => Source.StartActivity("journal");

    /// <summary>From the start of the send to its answer.</summary>
    internal static Activity? Send() => Source.StartActivity("send", ActivityKind.Client);

    internal static void Answered(this Activity? span, Refusal? refusal)
    {
        if (span is { IsAllDataRequested: true }) span.SetTag("polyarb.answer", refusal is { } why ? why.ToString() : "passed");
    }

    private static Activity? Describe(Activity? span, Proposal proposal)
    {
        if (span is not { IsAllDataRequested: true }) return span;

        return span.SetTag("polyarb.basket", proposal.Id.ToString())
            .SetTag("polyarb.market", proposal.Market.Text)
            .SetTag("polyarb.purpose", proposal.Purpose.ToString())
            .SetTag("polyarb.orders", proposal.Orders.Length);
    }
}
