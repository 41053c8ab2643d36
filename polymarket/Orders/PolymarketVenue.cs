using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Catalog;
using PolyArb.Polymarket.Json;
using PolyArb.Polymarket.Signing;
using PolyArb.Polymarket.UserFeed;

namespace PolyArb.Polymarket.Orders;

/// <summary>The account's side of the CLOB over REST (protocol sheet 7). One wallet, one API key.</summary>
public sealed class PolymarketVenue : IVenue
{
    /// <summary>`POST /orders` (7.7).</summary>
    private const int OrdersMax = 15;

    /// <summary>`DELETE /orders` (C-8).</summary>
    private const int CancelsMax = 1_000;

    private readonly VenueOptions _options;
    private readonly IHttpClientFactory _clients;
    private readonly TermsBook _terms;
    private readonly VenueClock _clock;
    private readonly VenueHttp _http;
    private readonly PolymarketAccount _account;
    private readonly SigningVersions _versions;
    private readonly Heartbeat _heartbeat;
    private readonly Positions _positions;
    private readonly Account _us;
    private readonly IDigestSigner _signer;
    private readonly WrittenAddress _wallet;
    private readonly WrittenAddress _orderSigner;
    private readonly JsonEncodedText _owner;

    public PolymarketVenue(VenueOptions options, IHttpClientFactory clients, TermsBook terms, VenueClock clock, TimeProvider time)
    {
        (_options, _clients, _terms, _clock) = (options, clients, terms, clock);
        _signer = options.RequiredSigner;
        _wallet = WrittenAddress.Parse(options.Wallet);
        _orderSigner = options.SignatureType == 3 ? _wallet : WrittenAddress.Of(_signer.Address);
        _owner = JsonEncodedText.Encode(options.RequiredCredentials.ApiKey);
        _http = new VenueHttp(options, clock);
        _account = new PolymarketAccount(options, clients, clock);
        _positions = new Positions(options, clients);
        _versions = new SigningVersions(terms, time);
        _heartbeat = new Heartbeat((body, cancellation) => Change(HttpMethod.Post, "/v1/heartbeats", body, cancellation));
        _us = new Account(_wallet.Text, options.RequiredCredentials.ApiKey);
    }

    /// <summary>The intent that comes back says the version it is to be signed for.</summary>
    public ImmutableArray<OrderPlaced> Identify(IReadOnlyList<OrderIntent> intents) => [.. intents.Select(Identify)];

    public Task<ImmutableArray<SignedOrder>> Sign(ImmutableArray<OrderPlaced> orders) => OrdersBeside.Sign(orders, OrdersBeside.Most, Sign);

    public string? WhyNot(ConditionId condition) => _versions.WhyNot(condition);

    public async Task<SendAnswer> Send(ImmutableArray<SignedOrder> orders, CancellationToken cancellation)
    {
        if (orders.Length is 0 or > OrdersMax)
            throw new ArgumentOutOfRangeException(nameof(orders), orders.Length, $"one request takes 1 to {OrdersMax} orders");

        var http = _clients.CreateClient(VenueClients.Orders);
        var sent = orders.Length == 1
            ? _http.Send(http, HttpMethod.Post, "/order", orders[0].Wire, cancellation)
            : _http.Send(http, HttpMethod.Post, "/orders", $"[{string.Join(',', orders.Select(order => order.Wire))}]", cancellation);
        var answer = OrderAnswers.Read(await sent, orders);
        await _versions.Learn(orders, answer.News, cancellation);
        return answer;
    }

    /// <summary>Chunk by chunk: one that fails leaves its orders among the not canceled and hides no other.</summary>
    public async Task<VenueAnswer<CancelAnswer>> Cancel(ImmutableArray<OrderId> orders, CancellationToken cancellation)
    {
        if (orders is [var only]) return await Canceled("/order", $$"""{"orderID":"{{JsonEncodedText.Encode(only.Text)}}"}""", cancellation);

        var canceled = ImmutableArray.CreateBuilder<OrderId>();
        var refused = ImmutableDictionary.CreateBuilder<OrderId, string>();
        VenueFailure? failure = null;
        var answered = orders.IsEmpty;
        foreach (var chunk in orders.Chunk(CancelsMax))
        {
            switch (await Canceled("/orders", JsonSerializer.Serialize(chunk.Select(id => id.Text)), cancellation))
            {
                case VenueAnswer<CancelAnswer>.Ok(var part):
                    answered = true;
                    canceled.AddRange(part.Canceled);
                    foreach (var (id, reason) in part.NotCanceled) refused[id] = reason;
                    break;
                case VenueAnswer<CancelAnswer>.Unavailable unavailable:
                    failure = unavailable.Failure;
                    foreach (var id in chunk) refused[id] = $"unanswered: {failure.Why}";
                    break;
            }
        }

        return answered
            ? new VenueAnswer<CancelAnswer>.Ok(new CancelAnswer(canceled.DrainToImmutable(), refused.ToImmutable()))
            : new VenueAnswer<CancelAnswer>.Unavailable(failure!);
    }

    public Task<VenueAnswer<CancelAnswer>> CancelAll(CancellationToken cancellation) => Canceled("/cancel-all", null, cancellation);

    /// <summary>Everything of ours on a condition, or on one of its tokens.</summary>
    public Task<VenueAnswer<CancelAnswer>> CancelMarket(ConditionId condition, TokenId? token, CancellationToken cancellation) => Canceled(
        "/cancel-market-orders",
        token is { } asset
            ? JsonSerializer.Serialize(new { market = condition.Text, asset_id = asset.Text })
            : JsonSerializer.Serialize(new { market = condition.Text }),
        cancellation);

    public Task<VenueAnswer<ImmutableArray<VenueOrder>>> OpenOrders(CancellationToken cancellation) => VenueReader.ReadAll(
        cursor => Get($"/data/orders?next_cursor={Uri.EscapeDataString(cursor)}", cancellation), "open orders", OrderReads.Order);

    public async Task<VenueAnswer<VenueOrder?>> Order(OrderId order, CancellationToken cancellation)
    {
        var response = await Get($"/data/order/{Uri.EscapeDataString(order.Text)}", cancellation);
        if (response.Status is HttpStatusCode.NotFound && response.Error.Contains("not found", StringComparison.OrdinalIgnoreCase))
            return new VenueAnswer<VenueOrder?>.Ok(null);

        if (response is { Status: HttpStatusCode.OK, Body.Length: 0 }) return new VenueAnswer<VenueOrder?>.Ok(null);

        return VenueReader.Read(response, "order", root => IsNothing(root) ? null : OrderReads.Order(root));
    }

    public async Task<VenueAnswer<ImmutableArray<Fill>>> TradesSince(Instant since, CancellationToken cancellation)
    {
        var after = (_clock.Earliest(since).Micros / 1_000_000).ToString(CultureInfo.InvariantCulture);
        var pages = await VenueReader.ReadAll(
            cursor => Get($"/data/trades?after={after}&next_cursor={Uri.EscapeDataString(cursor)}", cancellation),
            "trades",
            trade => UserTrade.Read(trade, _us));
        if (pages is not VenueAnswer<ImmutableArray<UserTrade?>>.Ok(var read)) return pages.Map(_ => ImmutableArray<Fill>.Empty);

        var trades = read.OfType<UserTrade>().ToArray();
        var taken = trades.Where(trade => trade.WeTook).Select(trade => trade.Condition).Distinct().ToArray();
        await _terms.AskUnknown(taken, cancellation);
        return taken.FirstOrDefault(condition => !_terms.Knows(condition)) is { Text: not null } unknown
            ? new VenueAnswer<ImmutableArray<Fill>>.Unavailable(new VenueFailure.Unanswered($"trades: the terms of {unknown} did not come"))
            : new VenueAnswer<ImmutableArray<Fill>>.Ok([.. trades.SelectMany(trade => trade.Fills(_terms.Fee))]);
    }

    public async Task<VenueAnswer<Usd>> Cash(CancellationToken cancellation) =>
        (await _account.Balance(token: null, cancellation)).Map(balance => new Usd(balance.Micros));

    public async Task<VenueAnswer<Size>> Shares(TokenId token, CancellationToken cancellation) =>
        (await _account.Balance(token, cancellation)).Map(balance => new Size(balance.Micros));

    public Task<VenueAnswer<ImmutableArray<HeldToken>?>> Holdings(CancellationToken cancellation) => _positions.Of(_wallet.Text, cancellation);

    /// <summary>Its failure changes nothing: the same balance is read again.</summary>
    public Task LookAgain(TokenId? token, CancellationToken cancellation) => _account.LookAgain(token, cancellation);

    public Task<VenueFailure?> Heartbeat(CancellationToken cancellation) => _heartbeat.Beat(cancellation);

    private OrderPlaced Identify(OrderIntent wanted)
    {
        var intent = wanted with { Order = wanted.Order with { Protocol = _versions.Of(wanted.Order) } };
        return new OrderPlaced(new OrderId(OrderSignature.IdOf(FieldsOf(intent), _options.ChainId, ExchangeOf(intent))), intent);
    }

    /// <summary>Its id is that of what was signed, computed anew.</summary>
    private SignedOrder Sign(OrderIntent intent)
    {
        var fields = FieldsOf(intent);
        var signed = OrderSignature.Of(fields, _options.ChainId, ExchangeOf(intent), _signer);
        var body = OrderBody.Write(fields, signed.Signature, _owner, intent.Order.Type, intent.ExpirationSeconds, intent.Order.PostOnly);
        return new SignedOrder(new OrderId(signed.Id), intent, body);
    }

    private OrderFields FieldsOf(OrderIntent intent) => new()
    {
        Salt = intent.Salt,
        Maker = _wallet,
        Signer = _orderSigner,
        TokenId = intent.Order.Token.Text,
        MakerAmount = intent.Order.MakerAmount,
        TakerAmount = intent.Order.TakerAmount,
        Side = intent.Order.Side,
        SignatureType = _options.SignatureType,
        TimestampMs = intent.TimestampMs,
    };

    private Exchange ExchangeOf(OrderIntent intent) => Exchange.For(_options.ChainId, intent.Order.Protocol, intent.Order.NegRisk);

    private async Task<VenueAnswer<CancelAnswer>> Canceled(string path, string? body, CancellationToken cancellation) =>
        VenueReader.Read(await Change(HttpMethod.Delete, path, body, cancellation), "cancel", OrderReads.Cancel);

    private Task<VenueResponse> Change(HttpMethod method, string path, string? body, CancellationToken cancellation) =>
        _http.Send(_clients.CreateClient(VenueClients.Cancels), method, path, body, cancellation);

    private Task<VenueResponse> Get(string path, CancellationToken cancellation) =>
        _http.Send(_clients.CreateClient(VenueClients.Reads), HttpMethod.Get, path, null, cancellation);

    /// <summary>An inactive order may be answered empty (C-34).</summary>
    private static bool IsNothing(JsonElement root) => root.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => root.Scalar().Length == 0,
        JsonValueKind.Object => !root.EnumerateObject().Any(),
        JsonValueKind.Array => root.GetArrayLength() == 0,
        _ => false,
    };
}
