using System.Collections.Immutable;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.Orders;

/// <summary>
/// All that a wallet holds, as the Data API's `/positions` lists it: without signature, from any size on, page by page. Its figures are for
/// showing and lag behind the chain.
/// </summary>
internal sealed class Positions(VenueOptions options, IHttpClientFactory clients)
{
    /// <summary>The most that one request brings, and the furthest it reaches (openapi of data-api.polymarket.com).</summary>
    private const int PageSize = 500;
    private const int OffsetMax = 10_000;

    /// <summary>Null when no address is configured.</summary>
    public async Task<VenueAnswer<ImmutableArray<HeldToken>?>> Of(string wallet, CancellationToken cancellation)
    {
        if (options.DataUrl is null) return new VenueAnswer<ImmutableArray<HeldToken>?>.Ok(null);

        var held = new Dictionary<TokenId, HeldToken>(); // A list that moves may tell of one twice.
        for (var offset = 0; offset <= OffsetMax; offset += PageSize)
        {
            var page = VenueReader.Read(await Get(wallet, offset, cancellation), "positions", root => root.ValueKind is JsonValueKind.Array
                ? root.EnumerateArray().Select(Read).ToArray()
                : throw new FormatException("no list"));
            if (page is not VenueAnswer<HeldToken[]>.Ok(var positions)) return page.Map(_ => (ImmutableArray<HeldToken>?)null);

            foreach (var position in positions.Where(position => position.Shares > Size.Zero)) held[position.Token] = position;
            if (positions.Length < PageSize) return new VenueAnswer<ImmutableArray<HeldToken>?>.Ok([.. held.Values]);
        }

        return VenueReader.Unreadable<ImmutableArray<HeldToken>?>("positions", $"more than {OffsetMax}");
    }

    private static HeldToken Read(JsonElement position)
    {
        var token = position.Text("asset");
        if (token.Length == 0) throw new FormatException("a position without its token");
        if (!ExactDecimal.TryParse(position.Text("size"), out var size)) throw new FormatException($"'{position.Text("size")}' is not a size");

        return new HeldToken(new TokenId(token), new ConditionId(position.Text("conditionId").ToLowerInvariant()), new Size(size.HalfUp(Size.Decimals)));
    }

    private Task<VenueResponse> Get(string wallet, int offset, CancellationToken cancellation) => VenueHttp.Send(
        clients.CreateClient(VenueClients.Data),
        new HttpRequestMessage(HttpMethod.Get, new Uri($"positions?user={wallet}&sizeThreshold=0&limit={PageSize}&offset={offset}", UriKind.Relative)),
        cancellation);
}
