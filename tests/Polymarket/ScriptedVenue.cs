using System.Net;
using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Catalog;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;

namespace PolyArb.Tests.Polymarket;

/// <summary>A venue that answers what the test says and keeps what it was asked.</summary>
internal sealed class ScriptedVenue : HttpMessageHandler, IHttpClientFactory
{
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();
    private readonly Dictionary<string, string> _byPath = [];

    public List<(string Method, string Path, string Body, string Signature)> Asked { get; } = [];

    public static VenueOptions Options { get; } = new()
    {
        RestUrl = new Uri("http://venue.test"),
        WsUrl = new Uri("ws://venue.test/ws"),
        GammaUrl = new Uri("http://venue.test/gamma"),
        ChainId = 137,
        Signer = Given.Signer,
        Credentials = new Credentials(Given.ApiKey, Given.Secret, "passphrase"),
    };

    public VenueClock Clock { get; init; } = new(TimeProvider.System);

    /// <summary>Happens before each answer.</summary>
    public Action Before { get; init; } = () => { };

    public PolymarketVenue Venue => new(Options, this, Terms, Clock, TimeProvider.System);

    public TermsBook Terms => field ??= new TermsBook(this, Options, TimeProvider.System);

    public HttpClient CreateClient(string name) =>
        new(this, disposeHandler: false) { BaseAddress = name == "polymarket-gamma" ? new Uri("http://venue.test/gamma/") : Options.RestUrl };

    public ScriptedVenue Answers(int status, string body)
    {
        _answers.Enqueue(() => new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8) });
        return this;
    }

    public ScriptedVenue AnswersAt(string path, string body)
    {
        _byPath[path] = body;
        return this;
    }

    public ScriptedVenue Fails(Exception exception)
    {
        _answers.Enqueue(() => throw exception);
        return this;
    }

    public static OrderIntent Intent(OrderType type = OrderType.Gtc, Side side = Side.Buy, long salt = 479249096354) => new()
    {
        Basket = new BasketId("b1"),
        Market = new MarketId(Given.Condition.Text),
        Purpose = Purpose.Open,
        Salt = salt,
        TimestampMs = 1_782_753_357_257,
        Order = new LegOrder
        {
            Leg = 0,
            Attempt = 0,
            Condition = Given.Condition,
            Token = Given.Yes,
            Outcome = Outcome.Yes,
            NegRisk = false,
            Side = side,
            Type = type,
            Limit = Price.Cents(82),
            MakerAmount = side is Side.Buy ? 17_252_800 : 21_040_000,
            TakerAmount = side is Side.Buy ? 21_040_000 : 17_252_800,
            WorstFee = Usd.Zero,
        },
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var signature = request.Headers.TryGetValues("POLY_SIGNATURE", out var values) ? values.Single() : "";
        Asked.Add((request.Method.Method, request.RequestUri!.PathAndQuery, body, signature));
        Before();
        return _byPath.TryGetValue(request.RequestUri.PathAndQuery, out var known)
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(known) }
            : _answers.TryDequeue(out var answer) ? answer() : new HttpResponseMessage(HttpStatusCode.NotFound);
    }
}
