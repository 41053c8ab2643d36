using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using PolyArb.Config;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Risk;
using PolyArb.Silo.Metrics;
using PolyArb.Tests.Grains;
using Xunit;
using Given = PolyArb.Tests.Domain.Given;
using VenueOptions = PolyArb.Polymarket.VenueOptions;

namespace PolyArb.Tests.Silo;

/// <summary>What a collector is told, and what nobody is. Whoever listens to spans in this process stands here: they are heard by all of it.</summary>
public sealed class TracesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OtlpProtocol.Http)]
    [InlineData(OtlpProtocol.Grpc)]
    public async Task A_collector_is_told_of_our_meters(OtlpProtocol protocol)
    {
        await using var collector = await OtlpReceiver.Start(Cancellation);
        using var meters = new TradingMeters();
        using var provider = Telemetry.Listen(OptionsOf(collector, "metrics", protocol).Metrics);

        meters.JournalFailed();
        provider.ForceFlush();

        await collector.Told("metrics", "polyarb.journal.failures");
        await collector.Told("metrics", "polyarb-silo");
    }

    [Theory]
    [InlineData(OtlpProtocol.Http)]
    [InlineData(OtlpProtocol.Grpc)]
    public async Task A_collector_is_told_of_a_call_of_the_venue_but_not_for_whom_it_was(OtlpProtocol protocol)
    {
        await using var collector = await OtlpReceiver.Start(Cancellation);
        using (var provider = Traces.Listen(OptionsOf(collector, "traces", protocol, "traces.sampling_ratio=1").Traces)!)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/data/order/0x5eed?user=0x5eed", UriKind.Relative));
            request.Headers.Add("POLY_API_KEY", "0x5eed");
            PolyArb.Polymarket.Tracing.Request(request, new Uri("https://clob.example/"))!.Dispose();
            provider.ForceFlush();
        }

        await collector.Told("traces", "GET /data/order/*");
        await collector.Told("traces", "clob.example");
        Assert.DoesNotContain("5eed", collector.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_that_is_not_kept_is_kept_in_none_of_its_parts()
    {
        await using var collector = await OtlpReceiver.Start(Cancellation);
        using (var provider = Traces.Listen(OptionsOf(collector, "traces", OtlpProtocol.Http, "traces.sampling_ratio=0").Traces)!)
        {
            Walk();
            provider.ForceFlush();
        }

        Assert.Equal("", collector.Everything);
    }

    [Fact]
    public void While_nobody_listens_no_span_is_made_and_nothing_allocated()
    {
        Assert.Null(Traces.Listen(PolyArbOptions.Defaults.Traces));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/orders", UriKind.Relative));
        var host = new Uri("https://clob.example/");
        var proposal = Given.Proposal();
        Spans(1_000); // What is made once is made.
        var before = GC.GetAllocatedBytesForCurrentThread();

        var made = Spans(10_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000); // Now and then the runtime puts something aside for itself, once.
        Assert.Equal(0, made);

        int Spans(int count)
        {
            var spans = 0;
            for (var i = 0; i < count; i++)
            {
                if (PolyArb.Grains.Tracing.Basket(proposal) is not null) spans++;
                if (PolyArb.Grains.Tracing.Reserve() is not null) spans++;
                if (PolyArb.Grains.Tracing.Submit(proposal) is not null) spans++;
                if (PolyArb.Grains.Tracing.Send() is not null) spans++;
                if (PolyArb.Polymarket.Tracing.Request(request, host) is not null) spans++;
            }

            return spans;
        }
    }

    [Fact]
    public async Task A_silo_that_is_told_of_no_collector_listens_to_no_span()
    {
        await using var silo = await DryRunSilo.Start(Cancellation);

        Assert.Null(silo.Services.GetService<TracerProvider>());
        Assert.Null(PolyArb.Grains.Tracing.Reserve());
    }

    [Fact]
    public async Task A_basket_is_one_trace_from_its_market_over_the_gateway_to_the_venue_which_learns_nothing_of_it()
    {
        await using var collector = await OtlpReceiver.Start(Cancellation);
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name.StartsWith("PolyArb", StringComparison.Ordinal), ActivityStopped = spans.Enqueue };
        ActivitySource.AddActivityListener(listener);
        using var provider = Traces.Listen(OptionsOf(collector, "traces", OtlpProtocol.Http, "traces.sampling_ratio=1").Traces)!;
        await using var day = await Day.Start(seed: 11, Cancellation);

        await day.Witness.Until(fact => fact is Fact.BasketClosed);
        provider.ForceFlush();

        var post = spans.First(span => span.DisplayName is "POST /order" or "POST /orders");
        Assert.Equal([post.DisplayName, "send", "submit", "basket"], WayUp(post, [.. spans]));
        var names = spans.Where(span => span.TraceId == post.TraceId).Select(span => span.DisplayName).ToArray();
        Assert.All((string[])["reserve", "sign", "journal"], name => Assert.Contains(name, names));
        foreach (var name in (string[])["basket", "reserve", "submit", "sign", "journal", "send", post.DisplayName]) await collector.Told("traces", name);
        var (key, secret, passphrase) = day.Silo.GetRequiredService<VenueOptions>().Credentials!.Reveal();
        Assert.All([key, secret, passphrase], hidden => Assert.DoesNotContain(hidden, collector.Everything, StringComparison.Ordinal));
        Assert.DoesNotContain("traceparent", day.Door.Headers, StringComparer.OrdinalIgnoreCase);
        Assert.Contains("POLY_API_KEY", day.Door.Headers, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The names of a span and of those around it, the outermost last.</summary>
    private static IEnumerable<string> WayUp(Activity span, Activity[] spans)
    {
        for (var at = span; at is not null; at = spans.FirstOrDefault(outer => outer.SpanId == at.ParentSpanId)) yield return at.DisplayName;
    }

    /// <summary>All spans of one basket, as they stand in each other.</summary>
    private static void Walk()
    {
        using var basket = PolyArb.Grains.Tracing.Basket(Given.Proposal());
        using (PolyArb.Grains.Tracing.Reserve())
        {
        }

        using var submit = PolyArb.Grains.Tracing.Submit(Given.Proposal());
        using var send = PolyArb.Grains.Tracing.Send();
        PolyArb.Grains.Tracing.Answered(submit, Refusal.Stale);
    }

    private static PolyArbOptions OptionsOf(OtlpReceiver collector, string section, OtlpProtocol protocol, params string[] changes) =>
        changes.Concat([$"{section}.otlp_endpoint={collector.Url(protocol)}", $"{section}.otlp_protocol={protocol.ToString().ToLower(CultureInfo.InvariantCulture)}"])
            .Aggregate(PolyArbOptions.Defaults, (changed, change) => ((SetResult.Changed)changed.SetAtStart(change.Split('=')[0], change.Split('=')[1])).Options);
}
