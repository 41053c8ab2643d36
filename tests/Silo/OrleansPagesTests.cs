using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace PolyArb.Tests.Silo;

/// <summary>Orleans' own dashboard, and a silo without it.</summary>
public sealed class OrleansPagesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Usually_there_is_neither_a_page_nor_anything_of_it_between_two_grains()
    {
        await using var silo = await DryRunSilo.Start(Cancellation);
        using var http = new HttpClient { BaseAddress = silo.Web };

        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri("orleans/", UriKind.Relative), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri("orleans/DashboardCounters", UriKind.Relative), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("metrics", UriKind.Relative), Cancellation)).StatusCode);
        Assert.DoesNotContain(Filters(silo), name => name.Contains("Dashboard", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Switched_on_it_counts_the_grains_of_this_silo_for_whoever_may_look_and_for_nobody_else()
    {
        await using var silo = await DryRunSilo.Start(Cancellation, "web.orleans_dashboard=true");
        using var http = new HttpClient { BaseAddress = silo.Web };

        var page = await http.GetStringAsync(new Uri("orleans", UriKind.Relative), Cancellation);
        Assert.Contains("index.min.js", page, StringComparison.Ordinal);
        Assert.NotEmpty(await http.GetByteArrayAsync(new Uri("orleans/index.min.js", UriKind.Relative), Cancellation));

        await Until(http, counters => counters.GetProperty("totalActiveHostCount").GetInt32() == 1
            && counters.GetProperty("simpleGrainStats").EnumerateArray().Any(grain =>
                grain.GetProperty("grainType").GetString()!.Contains("gateway", StringComparison.OrdinalIgnoreCase)));

        Assert.Contains(Filters(silo), name => name.Contains("Dashboard", StringComparison.Ordinal)); // Else the other test sees nothing.
        Assert.Equal(HttpStatusCode.BadRequest, await Status(http, request => request.Headers.Host = "evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(http, request => request.Headers.Add("Origin", "https://evil.example")));
    }

    [Fact]
    public async Task Of_it_neither_states_of_grains_nor_the_log_are_served()
    {
        await using var silo = await DryRunSilo.Start(Cancellation, "web.orleans_dashboard=true");
        using var http = new HttpClient { BaseAddress = silo.Web };

        foreach (var path in (string[])["GrainState?grainId=0&grainType=PolyArb.Grains.RegistryGrain", "grainstate", "Trace"])
        {
            using var response = await http.GetAsync(new Uri($"orleans/{path}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    /// <summary>What stands between two grains.</summary>
    private static string[] Filters(DryRunSilo silo) =>
        [.. silo.Services.GetServices<IIncomingGrainCallFilter>().Cast<object>().Concat(silo.Services.GetServices<IOutgoingGrainCallFilter>()).Select(filter => filter.GetType().FullName!)];

    /// <summary>It adds up once a second.</summary>
    private static async Task Until(HttpClient http, Func<JsonElement, bool> holds)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var counters = JsonDocument.Parse(await http.GetStringAsync(new Uri("orleans/DashboardCounters", UriKind.Relative), deadline.Token));
            if (holds(counters.RootElement)) return;

            await Task.Delay(TimeSpan.FromMilliseconds(200), deadline.Token);
        }
    }

    private static async Task<HttpStatusCode> Status(HttpClient http, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("orleans/DashboardCounters", UriKind.Relative));
        change(request);
        using var response = await http.SendAsync(request, Cancellation);
        return response.StatusCode;
    }
}
