using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using PolyArb.Domain;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;

namespace PolyArb.Bench;

/// <summary>From a decision to the bytes of its POST, with each library that is there.</summary>
public class SigningBenchmarks
{
    /// <summary>The first public development key of Hardhat.</summary>
    private const string Key = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    private static readonly WrittenAddress Wallet = WrittenAddress.Parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    private static readonly JsonEncodedText Owner = JsonEncodedText.Encode("00000000-0000-0000-0000-000000000001");

    private readonly L2Hmac _hmac = new("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    private readonly byte[] _digest = Keccak256.Hash([1, 2, 3]);
    private readonly byte[] _signature = new byte[65];
    private IDigestSigner _signer = null!;
    private long _salt = 479249096354;

    [ParamsSource(nameof(Backends))]
    public SignerBackend Backend { get; set; }

    /// <summary>Native only where it is installed.</summary>
    public static IEnumerable<SignerBackend> Backends
    {
        get
        {
            yield return SignerBackend.Managed;
            if (Signers.Create(Key, SignerBackend.Native) is not SignerChoice.Made(var signer, _)) yield break;

            signer.Dispose();
            yield return SignerBackend.Native;
        }
    }

    [GlobalSetup]
    public void Start() => _signer = ((SignerChoice.Made)Signers.Create(Key, Backend)).Signer;

    [GlobalCleanup]
    public void End() => _signer.Dispose();

    [Benchmark(Description = "submit bytes: amounts, id, signature, body, HMAC")]
    public string Submit()
    {
        var amounts = ((AmountsResult.Ok)OrderAmounts.Limit(Side.Buy, Price.Cents(82), new Size(21_040_000), Price.Cents(1))).Amounts;
        var order = new OrderFields
        {
            Salt = _salt++,
            Maker = Wallet,
            Signer = Wallet,
            TokenId = "71321045679252212594626385532706912750332728571942532289631379312455583992563",
            MakerAmount = amounts.Maker,
            TakerAmount = amounts.Taker,
            Side = Side.Buy,
            SignatureType = 0,
            TimestampMs = 1_782_753_357_257,
        };
        var signed = OrderSignature.Of(order, 137, Exchange.Standard, _signer);
        var body = Encoding.UTF8.GetBytes(OrderBody.Write(order, signed.Signature, Owner, OrderType.Gtc, 0));
        return _hmac.Sign("1782753357", "POST", "/order", body);
    }

    [Benchmark(Description = "sign a digest")]
    public byte[] Sign()
    {
        _signer.Sign(_digest, _signature);
        return _signature;
    }
}

/// <summary>The order's id, the same whoever signs.</summary>
public class OrderIdBenchmarks
{
    private static readonly OrderFields Order = new()
    {
        Salt = 479249096354,
        Maker = WrittenAddress.Parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
        Signer = WrittenAddress.Parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
        TokenId = "71321045679252212594626385532706912750332728571942532289631379312455583992563",
        MakerAmount = 17_252_800,
        TakerAmount = 21_040_000,
        Side = Side.Buy,
        SignatureType = 0,
        TimestampMs = 1_782_753_357_257,
    };

    private readonly byte[] _digest = new byte[32];

    [Benchmark(Description = "order id from its fields")]
    public byte[] Digest()
    {
        Eip712.OrderDigest(Order, 137, Exchange.Standard, _digest);
        return _digest;
    }
}
