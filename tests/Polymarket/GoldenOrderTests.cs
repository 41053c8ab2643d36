using System.Text;
using PolyArb.Domain;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>The golden values of the protocol sheet, 12.3 and 12.4.</summary>
public class GoldenOrderTests
{
    private const string Golden =
        """{"deferExec":false,"postOnly":false,"order":{"salt":479249096354,"maker":"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266","signer":"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266","tokenId":"71321045679252212594626385532706912750332728571942532289631379312455583992563","makerAmount":"17252800","takerAmount":"21040000","side":"BUY","signatureType":0,"timestamp":"1782753357257","expiration":"0","metadata":"0x0000000000000000000000000000000000000000000000000000000000000000","builder":"0x0000000000000000000000000000000000000000000000000000000000000000","signature":"0xab8143f609928e839188aff86ef83aa0ae8930daf235e735f22ad8484cd415167e53e24c5417df818ad1e245f8b67cdab807882151b2c0305b95c74e9a4ece231c"},"owner":"00000000-0000-0000-0000-000000000001","orderType":"GTC"}""";

    private static readonly OrderFields Plain = new()
    {
        Salt = 123456789,
        Maker = Given.Wallet,
        Signer = Given.Wallet,
        TokenId = Given.Yes.Text,
        MakerAmount = 100_000_000,
        TakerAmount = 50_000_000,
        Side = Side.Buy,
        SignatureType = 0,
        TimestampMs = 1_713_398_400_000,
    };

    public static TheoryData<string, OrderFields, bool, string, string> Rows => new()
    {
        {
            "a", Plain, false,
            "0x32961c48ddac87ed3582f8e02097cd0eff4fcf80460306bd44b3710438dfa64c",
            "0x89f178136333c8ebb32a19146cb891233e3202d474be6ef730c24dbc06ae4d2a0c99948a86d9b57de0f2c0bb8ec6964aa244ecf17cfa3a95b86878d0b64ad78a1b"
        },
        {
            "b", Plain with { Salt = 987654321, Side = Side.Sell, MakerAmount = 50_000_000, TakerAmount = 100_000_000 }, true,
            "0x8b878404bd92dea2bfea9975c9fcd816ec70a57ae431cb20d67bb773744aaef3",
            "0xf7d60d64364e2615b08d9f69f3ea9afd3b4f83ecfbf05ddd3ca83f4916277fb97d2d080758d17c8e91c928aceb8ff252477ebaec051b672832500f63b4d36b061c"
        },
        {
            "c", Plain with { Salt = 1, TimestampMs = 1_713_398_500_000, Builder = "0x" + new string('0', 63) + "1" }, false,
            "0x3df0b6f6ddfca837bc36964cae968b34ad35640b5d98f557c104da97e804e36a",
            "0xf4d2b34659e8bc07a9572d40ee5a1639a1157409613b4c21566b1f33fd8fe11a364b3f306668cae7248ca7cdf72378f9266bc5628585aa939644400030671e081c"
        },
        {
            "d", Plain with { Salt = 111111111, SignatureType = 1 }, false,
            "0x8f88fe2fb3448f4b8ba639992029f0a47a01a14d15b5f2bf9833516571efd279",
            "0x71a63c85b730cc934688f23ea6374afffef57a61690eba63dcb97a706c8a8d0f3d2a8e0280f3e252eb83be088ebae6b461a8eda18e559e079f59050b90057afa1c"
        },
        {
            "e", Plain with { Salt = 222222222, Side = Side.Sell, SignatureType = 2, MakerAmount = 50_000_000, TakerAmount = 100_000_000 }, true,
            "0xb34248702810a1d76580234a33f942a9801c3680de54cb3ef104572a8d482190",
            "0xab9d33aee8b578fe5588c4a4b16bbef6fa05fc757020f95b98212e877a919e360a90296f02e97ecbabf3c200271ffe88eb9fd86912e8376cd27237bdad5f3abc1c"
        },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Signs_the_published_orders(string row, OrderFields order, bool negRisk, string id, string signature)
    {
        var signed = OrderSignature.Of(order, 137, Exchange.For(137, ProtocolVersion.V1, negRisk), Given.Signer);
        Assert.True(id == signed.Id, $"{row}: {signed.Id}");
        Assert.Equal(signature, signed.Signature);
    }

    [Fact]
    public void Writes_the_golden_body_and_its_hmac()
    {
        var order = Plain with { Salt = 479249096354, MakerAmount = 17_252_800, TakerAmount = 21_040_000, TimestampMs = 1_782_753_357_257 };
        var signed = OrderSignature.Of(order, 137, Exchange.Standard, Given.Signer);
        var body = OrderBody.Write(order, signed.Signature, Given.ApiKey, OrderType.Gtc, 0);

        Assert.Equal("0x303d47ded19d284879d54d38626abbe2345190da51007bff5ce81a4c39bad2fa", signed.Id);
        Assert.Equal(Golden, body);
        Assert.Equal(760, Encoding.UTF8.GetByteCount(body));
        Assert.Equal(
            "OHMUoiugVOar6Xhn6_BroWCtEbXTu_4CsNbD06BThpo=",
            new L2Hmac(Given.Secret).Sign("1782753357", "POST", "/order", Encoding.UTF8.GetBytes(body)));
    }

    [Fact]
    public void A_key_is_never_printed()
    {
        Assert.DoesNotContain("ac0974", Given.Signer.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Given.Secret, new Credentials(Given.ApiKey, Given.Secret, "p").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("zz09", Assert.Throws<FormatException>(() => ManagedSigner.FromHex("zz09")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")]
    [InlineData("0xE111180000d2663C0091e4f400237545B87B996B")]
    [InlineData("0xC011a7E12a19f7B1f670d46F03B03f3342E82DFB")]
    public void An_address_prints_with_its_checksum(string address) =>
        Assert.Equal(address, EthAddress.Parse(address.ToLowerInvariant()).ToString());
}
