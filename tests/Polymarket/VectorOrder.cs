using System.Globalization;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>One order of the vectors: what somebody asked the official client for, as we make an order of it, and what the client made.</summary>
internal sealed class VectorOrder
{
    private const string NoAddress = "0x0000000000000000000000000000000000000000";

    private readonly JsonElement _asked;
    private readonly JsonElement _numbers;

    private VectorOrder(JsonElement vector)
    {
        vector.Only("id", "tags", "floatSensitive", "inputs", "expected");
        Inputs = vector.GetProperty("inputs").Only(
            "signer", "privateKey", "address", "chainId", "signatureType", "funderAddress", "api", "userOrder", "userOrderText", "options",
            "market", "orderType", "postOnly", "deferExec", "creds", "nowMs", "mathRandom");
        Expected = vector.GetProperty("expected").Only(
            "exchange", "order", "orderHash", "signedDigest", "signature", "body", "headers", "bodyFromV2Client", "exactDecimalAmounts");
        _asked = Inputs.GetProperty("userOrder").Only(
            "tokenID", "price", "size", "amount", "side", "orderType", "expiration", "metadata", "builderCode", "userUSDCBalance", "taker",
            "nonce", "feeRateBps");
        _numbers = Inputs.GetProperty("userOrderText");
        Inputs.GetProperty("options").Only("tickSize", "negRisk", "version");
        Id = vector.At("id");
        FloatSensitive = vector.GetProperty("floatSensitive");
    }

    public string Id { get; }

    public JsonElement Inputs { get; }

    public JsonElement Expected { get; }

    /// <summary>True where doubles and decimals differ, false where they do not, null where nobody looked (fee-adjusted amounts).</summary>
    private JsonElement FloatSensitive { get; }

    public int ChainId => (int)Inputs.Number("chainId");

    public int Generation => (int)Inputs.Number("options", "version");

    public int SignatureType => (int)Inputs.Number("signatureType");

    public OrderType Type => Enum.Parse<OrderType>(Inputs.At("orderType"), ignoreCase: true);

    private string Tick => Inputs.At("options", "tickSize");

    private Side Side => _asked.At("side") switch { "BUY" => Side.Buy, "SELL" => Side.Sell, var side => throw new FormatException(side) };

    private bool IsMarket => Inputs.At("api") switch { "createMarketOrder" => true, "createOrder" => false, var api => throw new FormatException(api) };

    public Exchange Exchange => Generation switch
    {
        1 => Exchange.V1(ChainId, Inputs.GetProperty("options").GetProperty("negRisk").GetBoolean()),
        2 => Exchange.For(ChainId, ProtocolVersion.V1, Inputs.GetProperty("options").GetProperty("negRisk").GetBoolean()),
        3 => Exchange.For(ChainId, ProtocolVersion.V2, Inputs.GetProperty("options").GetProperty("negRisk").GetBoolean()),
        var other => throw new FormatException($"generation {other}"),
    };

    public static IEnumerable<VectorOrder> Read(string file) => Vectors.Cases(file).Select(vector => new VectorOrder(vector));

    /// <summary>The client's salt: its random number times its clock, half up.</summary>
    public long Salt => (long)Math.Floor(Inputs.GetProperty("mathRandom").GetDouble() * Inputs.GetProperty("nowMs").GetInt64() + 0.5);

    public WrittenAddress Maker => WrittenAddress.Parse(Inputs.Find("funderAddress") ?? Inputs.At("address"));

    public WrittenAddress Signer => SignatureType == 3 ? Maker : WrittenAddress.Parse(Inputs.At("address"));

    public string Seconds => (Inputs.Number("nowMs") / 1_000).ToString(CultureInfo.InvariantCulture);

    public long ExpirationSeconds => IsMarket || _asked.Find("expiration") is null ? 0 : _numbers.Number("expiration");

    private (long Maker, long Taker) Recorded => (Expected.Number("order", "makerAmount"), Expected.Number("order", "takerAmount"));

    /// <summary>
    /// Ours, from the text of what was asked. It must be what the client signed, but where a double misled the client: then it
    /// is the exact amount that the vector gives beside it, or differs by one unit at most where it gives none.
    /// </summary>
    public OrderAmounts Amounts()
    {
        var quantity = IsMarket ? "amount" : "size";
        var (price, text, asked) = (_numbers.At("price"), _numbers.At(quantity), _asked.GetProperty(quantity).GetDouble());
        if (Side is Side.Buy && Generation > 1 && _asked.Find("userUSDCBalance") is not null)
        {
            asked = WithinBalance(asked);
            text = ClientDoubles.Text(asked);
        }

        Assert.True(ExactDecimal.TryParse(price, out var exactPrice), $"{Id}: {price}");
        Assert.True(ExactDecimal.TryParse(text, out var exact), $"{Id}: {text}");
        var result = IsMarket
            ? OrderAmounts.Market(Side, exactPrice, exact, Price.Parse(Tick))
            : OrderAmounts.Limit(Side, exactPrice, exact, Price.Parse(Tick));
        var ours = Assert.IsType<AmountsResult.Ok>(result).Amounts;

        var doubles = IsMarket
            ? ClientDoubles.Market(Side, _asked.GetProperty("price").GetDouble(), asked, Tick)
            : ClientDoubles.Limit(Side, _asked.GetProperty("price").GetDouble(), asked, Tick);
        Assert.True(doubles == Recorded, $"{Id}: the client's doubles give {doubles}, it signed {Recorded}");
        Compare(ours);
        return ours;
    }

    /// <summary>What the client signed for, in the shape we sign. The amounts are its own: they differ from ours only as <see cref="Amounts"/> allows.</summary>
    public OrderFields Fields() => new()
    {
        Salt = Salt,
        Maker = Maker,
        Signer = Signer,
        TokenId = _asked.At("tokenID"),
        MakerAmount = Recorded.Maker,
        TakerAmount = Recorded.Taker,
        Side = Side,
        SignatureType = SignatureType,
        TimestampMs = Inputs.Number("nowMs"),
        Metadata = _asked.Find("metadata") ?? OrderFields.Zero32,
        Builder = _asked.Find("builderCode") ?? OrderFields.Zero32,
    };

    /// <summary>The same for the first generation, whose fee rate is the market's.</summary>
    public OrderFieldsV1 FieldsV1() => new()
    {
        Salt = Salt,
        Maker = Maker,
        Signer = Signer,
        Taker = WrittenAddress.Parse(_asked.Find("taker") is { Length: > 0 } taker ? taker : NoAddress),
        TokenId = _asked.At("tokenID"),
        MakerAmount = Recorded.Maker,
        TakerAmount = Recorded.Taker,
        ExpirationSeconds = ExpirationSeconds,
        Nonce = _asked.Find("nonce") is null ? 0 : _numbers.Number("nonce"),
        FeeRateBps = Inputs.Number("market", "feeRateBps"),
        Side = Side,
        SignatureType = SignatureType,
    };

    private double WithinBalance(double asked)
    {
        var market = Inputs.GetProperty("market").Only("feeRate", "feeExponent", "builderTakerBps");
        var price = _asked.GetProperty("price").GetDouble();
        if (!IsMarket) price = ClientDoubles.HalfUp(price, ClientDoubles.PriceDecimals(Tick));
        var builderRate = (_asked.Find("builderCode") ?? OrderFields.Zero32) == OrderFields.Zero32 ? 0 : market.Number("builderTakerBps") / 10_000.0;
        var dollars = ClientDoubles.WithinBalance(
            IsMarket ? asked : asked * price, price, _asked.GetProperty("userUSDCBalance").GetDouble(),
            market.GetProperty("feeRate").GetDouble(), market.GetProperty("feeExponent").GetInt32(), builderRate);
        return IsMarket ? dollars : dollars / price;
    }

    private void Compare(OrderAmounts ours)
    {
        switch (FloatSensitive.ValueKind)
        {
            case JsonValueKind.False:
                Assert.True((ours.Maker, ours.Taker) == Recorded, $"{Id}: {ours} for {Recorded}");
                break;
            case JsonValueKind.True:
                var exact = Expected.GetProperty("exactDecimalAmounts").Only("makerAmount", "takerAmount");
                Assert.True((ours.Maker, ours.Taker) == (exact.Number("makerAmount"), exact.Number("takerAmount")), $"{Id}: {ours} for {exact}");
                break;
            case JsonValueKind.Null:
                var unit = (long)Math.Pow(10, 4 - ClientDoubles.PriceDecimals(Tick));
                var apart = (Math.Abs(ours.Maker - Recorded.Maker), Math.Abs(ours.Taker - Recorded.Taker));
                Assert.True(apart.Item1 + apart.Item2 <= unit, $"{Id}: {ours} is more than {unit} from {Recorded}");
                break;
            default:
                throw new FormatException($"{Id}: floatSensitive is {FloatSensitive}");
        }
    }
}
