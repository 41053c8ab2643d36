using PolyArb.Polymarket.Signing;

namespace PolyArb.Polymarket;

/// <summary>Where the venue is and who we are there. Printing it shows no secret: key and credentials hide themselves.</summary>
public sealed record VenueOptions
{
    /// <summary>"https://clob.polymarket.com"; loopback for the local exchange.</summary>
    public required Uri RestUrl { get; init; }

    /// <summary>"wss://ws-subscriptions-clob.polymarket.com/ws": `/market` and `/user` are added.</summary>
    public required Uri WsUrl { get; init; }

    /// <summary>"https://gamma-api.polymarket.com", the catalogue; "http://127.0.0.1:P/gamma" on the local exchange. Null: it is not asked.</summary>
    public Uri? GammaUrl { get; init; }

    /// <summary>"https://data-api.polymarket.com", who holds what; "http://127.0.0.1:P/data-api" on the local exchange. Null: it is not asked.</summary>
    public Uri? DataUrl { get; init; }

    /// <summary>Says whether the address we come from may trade; no part of the order book's API.</summary>
    public Uri GeoblockUrl { get; init; } = new("https://polymarket.com/api/geoblock");

    /// <summary>137 Polygon, 80002 Amoy.</summary>
    public required int ChainId { get; init; }

    /// <summary>0 EOA, 1 proxy, 2 Safe, 3 deposit wallet (protocol sheet 7.1).</summary>
    public int SignatureType { get; init; }

    /// <summary>The wallet that holds the funds for types 1 to 3, in the case it shall have in the body; null for type 0.</summary>
    public string? Funder { get; init; }

    /// <summary>Null without a key: market data and catalogue only.</summary>
    public IDigestSigner? Signer { get; init; }

    /// <summary>Null until made or derived by <see cref="Orders.PolymarketKeys"/>.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>Past this a connection counts as refused: nothing was sent.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The same for orders: what they were decided on does not wait for a connection, and one without it by then was not sent. Of one whose TLS takes as
    /// long again nobody knows.
    /// </summary>
    public TimeSpan OrderConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>From POST to answer. A taker delay blocks the call for a moment (10.5); past this an order is Unanswered.</summary>
    public TimeSpan OrderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan CancelTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For a read with all its retries.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>`/clob-markets` calls at a time while the catalogue is read.</summary>
    public int CatalogParallel { get; init; } = 4;

    /// <summary>Also trade conditions whose outcomes are not called Yes and No.</summary>
    public bool AllowNonstandardLabels { get; init; }

    /// <summary>The most tokens on one socket; past 500 snapshots silently stop (C-28).</summary>
    public int TokensPerSocket { get; init; } = 200;

    /// <summary>Market inputs that may wait for their markets, of all markets together.</summary>
    public int WaitingMax { get; init; } = 50_000;

    public TimeSpan PingEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A PING this long without a PONG: the socket is dead, whatever else it says (4.1).</summary>
    public TimeSpan PongWithin { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A socket this long without any frame, PONG included, is dead (4.3).</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A book that was asked for and has not come is asked for again, after twice as long each time (4.1: there is no answer but the book).</summary>
    public TimeSpan BookWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A token that stopped coming is noticed within this; half of it in silence and REST is asked (4.3: the 30 s class).</summary>
    public TimeSpan TokenSilence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a change that REST shows may be on its way to a socket before its token counts as frozen.</summary>
    public TimeSpan FrozenGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A connection of the market channel older than this hands over to a new one; zero: never.</summary>
    public TimeSpan SocketAgeMax { get; init; } = TimeSpan.FromMinutes(60);

    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(30);

    internal IDigestSigner RequiredSigner => Signer ?? throw new InvalidOperationException("the venue needs a private key to sign with");

    internal Credentials RequiredCredentials =>
        Credentials ?? throw new InvalidOperationException("the venue needs API credentials; derive or create them first");

    /// <summary>The address in `maker`: the EOA itself for type 0.</summary>
    internal string Wallet => SignatureType == 0
        ? RequiredSigner.Address.ToString()
        : Funder ?? throw new InvalidOperationException($"signature type {SignatureType} needs the funder's address");
}
