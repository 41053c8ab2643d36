using System.Diagnostics.CodeAnalysis;

namespace PolyArb.Config;

/// <summary>Where orders go and whose they are: sections `venue` and `gamma`.</summary>
public sealed record VenueOptions
{
    public required Uri RestUrl { get; init; }

    /// <summary>The part both channels share, ending in a slash: `market` and `user` are appended to it.</summary>
    public required Uri WebSocketUrl { get; init; }

    /// <summary>The catalogue. Beside a local exchange that of the exchange, unless another one is named.</summary>
    public required Uri GammaUrl { get; init; }

    /// <summary>Who holds what. Beside a local exchange that of the exchange, unless another one is named; null: it is not asked.</summary>
    public required Uri? DataUrl { get; init; }

    /// <summary>137 Polygon, 80002 its Amoy test network.</summary>
    public required int ChainId { get; init; }

    /// <summary>0 the key's own address, 1 proxy, 2 Safe, 3 deposit wallet.</summary>
    public required int SignatureType { get; init; }

    /// <summary>The address that holds the money, as written; null: the key's own.</summary>
    public required string? Funder { get; init; }

    /// <summary>Within this a token that stopped coming is noticed.</summary>
    public required TimeSpan TokenSilence { get; init; }

    /// <summary>A connection of the market channel older than this hands over to a new one; zero: never.</summary>
    public required TimeSpan SocketAgeMax { get; init; }

    internal static VenueOptions Read(ParameterBinder from)
    {
        var venue = new VenueOptions
        {
            RestUrl = from.AtStart("venue.clob_rest_url", "https://clob.polymarket.com", Kinds.Url("http", "https"), "CLOB_REST_URL"),
            WebSocketUrl = from.AtStart(
                "venue.clob_ws_url", "wss://ws-subscriptions-clob.polymarket.com/ws/", Kinds.Url("ws", "wss"), "CLOB_WS_URL"),
            ChainId = from.AtStart("venue.chain_id", "137", Kinds.OneOf(("137", 137), ("80002", 80002)), "CHAIN_ID"),
            SignatureType = from.AtStart("venue.signature_type", "0", SignatureTypes, "SIGNATURE_TYPE"),
            Funder = from.AtStart("venue.funder", "", AccountAddress, "FUNDER"),
            TokenSilence = from.AtStart("venue.token_silence_sec", "30", Kinds.Seconds(5, 3_600)),
            SocketAgeMax = from.AtStart("venue.socket_max_age_min", "60", Kinds.Minutes(0, 1_440)),
            GammaUrl = from.AtStart("gamma.gamma_api_url", Gamma, Kinds.Url("http", "https"), "GAMMA_API_URL"),
            DataUrl = from.AtStart("venue.data_api_url", Data, Kinds.UrlOrOff),
        };
        return venue with
        {
            Funder = venue.Funder is "" ? null : venue.Funder,
            GammaUrl = venue.RestUrl.IsLoopback && venue.GammaUrl == new Uri(Gamma) ? new Uri(venue.RestUrl, "gamma/") : venue.GammaUrl,
            DataUrl = venue.DataUrl == Kinds.Off ? null : venue.RestUrl.IsLoopback && venue.DataUrl == new Uri(Data) ? new Uri(venue.RestUrl, "data-api/") : venue.DataUrl,
        };
    }

    private const string Gamma = "https://gamma-api.polymarket.com";
    private const string Data = "https://data-api.polymarket.com";

    private static readonly Kind<int> SignatureTypes = Kinds.OneOf(("0", 0), ("1", 1), ("2", 2), ("3", 3), ("EOA", 0)) with
    {
        Legal = "must be 0 (EOA, the key's own address), 1 (proxy), 2 (Safe) or 3 (deposit wallet)",
    };

    private static readonly Kind<string> AccountAddress = new(
        "must be an address: 0x and 40 hex digits",
        (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text;
            return text is ""
                || (text.Length == 42 && text.StartsWith("0x", StringComparison.Ordinal) && text[2..].All(char.IsAsciiHexDigit));
        },
        value => value);
}
