using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Json;
using PolyArb.Polymarket.Orders;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>Books by REST, many in one request (protocol sheet 3).</summary>
public sealed class BookProbe(IHttpClientFactory clients)
{
    /// <summary>The venue's own limit, 500, is unverified.</summary>
    public const int TokensMax = 100;

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>What there is of these; a token without a book is missing from the answer.</summary>
    internal async Task<VenueAnswer<Dictionary<TokenId, RestBook>>> Ask(IEnumerable<TokenId> tokens, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(AnswerWithin);
        var body = new StringBuilder("[").AppendJoin(',', tokens.Select(token => $$"""{"token_id":"{{token}}"}""")).Append(']');
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/books", UriKind.Relative))
        {
            Content = new StringContent(body.ToString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        return VenueReader.Read(
            await VenueHttp.Send(clients.CreateClient(VenueClients.Reads), request, limit.Token),
            "books",
            root => root.EnumerateArray().Select(RestBook.Read).DistinctBy(book => book.Token).ToDictionary(book => book.Token));
    }
}

/// <summary>A book as REST shows it.</summary>
internal sealed class RestBook
{
    private readonly JsonElement _summary;

    private RestBook(JsonElement summary) => _summary = summary;

    public required TokenId Token { get; init; }

    public required long VenueMs { get; init; }

    private BookHash? Hash => BookHash.TryParse(_summary.Utf8("hash"), out var hash) ? hash : null;

    /// <summary>Throws FormatException on what is no book.</summary>
    public static RestBook Read(JsonElement summary) => new(summary)
    {
        Token = new TokenId(summary.Text("asset_id") is { Length: > 0 } token ? token : throw new FormatException("a book without its token")),
        VenueMs = JsonText.Time(summary.Utf8("timestamp")).Millis,
    };

    /// <summary>
    /// The same hash; or, should REST date its answers instead of its books, the same book at the time of the other: the hash is taken
    /// over the whole text, keys in their order, with the time in it (protocol sheet 3).
    /// </summary>
    public bool IsSameAs(Seen seen) => seen.Hash is { } hash && (Hash == hash || (VenueMs != seen.VenueMs && HashAt(seen.VenueMs) == hash));

    private BookHash HashAt(long venueMs)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var property in _summary.EnumerateObject())
            {
                if (property.NameEquals("timestamp")) writer.WriteString(property.Name, $"{venueMs}");
                else if (property.NameEquals("hash")) writer.WriteString(property.Name, "");
                else property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return BookHash.FromBytes(SHA1.HashData(text.GetBuffer().AsSpan(0, (int)text.Length)));
    }
}
