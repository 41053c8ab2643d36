using System.Globalization;
using System.Text.Json;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Json;
using PolyArb.Polymarket.Orders;

namespace PolyArb.Polymarket;

/// <summary>Whether the address a request came from may trade.</summary>
public sealed record Geoblock(bool IsBlocked, string Country, string Region, string Ip);

/// <summary>What the venue tells everybody (protocol sheet 0, 3): no key needed.</summary>
public sealed class PolymarketProbe(VenueOptions options, IHttpClientFactory clients)
{
    /// <summary>Beyond any clock; milliseconds are.</summary>
    private const long SecondsMax = 100_000_000_000;

    /// <summary>Null when the API answers at all.</summary>
    public async Task<VenueFailure?> IsUp(CancellationToken cancellation) => VenueReader.Failure(await Get("/ok", cancellation), "ok");

    /// <summary>The CLOB's default order version, 2 when it does not say; a market can have another (0.2).</summary>
    public async Task<VenueAnswer<int>> Version(CancellationToken cancellation) => VenueReader.Read(
        await Get("/version", cancellation),
        "version",
        root => root switch
        {
            { ValueKind: not JsonValueKind.Object } => throw new FormatException("no version"),
            _ when root.Text("version") is { Length: > 0 } text => int.Parse(text, CultureInfo.InvariantCulture),
            _ => 2,
        });

    /// <summary>The venue's clock, in whole seconds.</summary>
    public async Task<VenueAnswer<DateTimeOffset>> Time(CancellationToken cancellation) => VenueReader.Read(
        await Get("/time", cancellation),
        "time",
        root => long.Parse(root.Scalar(), CultureInfo.InvariantCulture) is var seconds and > 0 and < SecondsMax
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw new FormatException("no Unix time in seconds"));

    /// <summary>At an address of its own, which is not the API's.</summary>
    public async Task<VenueAnswer<Geoblock>> Geoblock(CancellationToken cancellation) => VenueReader.Read(
        await Get(options.GeoblockUrl, cancellation),
        "geoblock",
        root => root.ValueKind is JsonValueKind.Object && root.TryGetProperty("blocked", out var blocked) && blocked.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? new Geoblock(blocked.GetBoolean(), root.Text("country"), root.Text("region"), root.Text("ip"))
            : throw new FormatException("no blocked"));

    private Task<VenueResponse> Get(string path, CancellationToken cancellation) => Get(new Uri(path, UriKind.Relative), cancellation);

    private Task<VenueResponse> Get(Uri address, CancellationToken cancellation) =>
        VenueHttp.Send(clients.CreateClient(VenueClients.Reads), new HttpRequestMessage(HttpMethod.Get, address), cancellation);
}
