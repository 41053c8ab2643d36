using System.Text;
using System.Text.Json;
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

    private const string DepositWallet = "0x1111111111111111111111111111111111111111";

    private static readonly OrderFields Plain = new()
    {
        Salt = 123456789,
        Maker = WrittenAddress.Parse(Given.Wallet),
        Signer = WrittenAddress.Parse(Given.Wallet),
        TokenId = Given.Yes.Text,
        MakerAmount = 100_000_000,
        TakerAmount = 50_000_000,
        Side = Side.Buy,
        SignatureType = 0,
        TimestampMs = 1_713_398_400_000,
    };

    private static readonly OrderFields Deposited = Plain with
    {
        Salt = 333333333,
        SignatureType = 3,
        Maker = WrittenAddress.Parse(DepositWallet),
        Signer = WrittenAddress.Parse(DepositWallet),
    };

    public static TheoryData<string, OrderFields, Exchange, string, string> Rows => new()
    {
        {
            "a", Plain, Exchange.Standard,
            "0x32961c48ddac87ed3582f8e02097cd0eff4fcf80460306bd44b3710438dfa64c",
            "0x89f178136333c8ebb32a19146cb891233e3202d474be6ef730c24dbc06ae4d2a0c99948a86d9b57de0f2c0bb8ec6964aa244ecf17cfa3a95b86878d0b64ad78a1b"
        },
        {
            "b", Plain with { Salt = 987654321, Side = Side.Sell, MakerAmount = 50_000_000, TakerAmount = 100_000_000 }, Exchange.NegRisk,
            "0x8b878404bd92dea2bfea9975c9fcd816ec70a57ae431cb20d67bb773744aaef3",
            "0xf7d60d64364e2615b08d9f69f3ea9afd3b4f83ecfbf05ddd3ca83f4916277fb97d2d080758d17c8e91c928aceb8ff252477ebaec051b672832500f63b4d36b061c"
        },
        {
            "c", Plain with { Salt = 1, TimestampMs = 1_713_398_500_000, Builder = "0x" + new string('0', 63) + "1" }, Exchange.Standard,
            "0x3df0b6f6ddfca837bc36964cae968b34ad35640b5d98f557c104da97e804e36a",
            "0xf4d2b34659e8bc07a9572d40ee5a1639a1157409613b4c21566b1f33fd8fe11a364b3f306668cae7248ca7cdf72378f9266bc5628585aa939644400030671e081c"
        },
        {
            "d", Plain with { Salt = 111111111, SignatureType = 1 }, Exchange.Standard,
            "0x8f88fe2fb3448f4b8ba639992029f0a47a01a14d15b5f2bf9833516571efd279",
            "0x71a63c85b730cc934688f23ea6374afffef57a61690eba63dcb97a706c8a8d0f3d2a8e0280f3e252eb83be088ebae6b461a8eda18e559e079f59050b90057afa1c"
        },
        {
            "e", Plain with { Salt = 222222222, Side = Side.Sell, SignatureType = 2, MakerAmount = 50_000_000, TakerAmount = 100_000_000 }, Exchange.NegRisk,
            "0xb34248702810a1d76580234a33f942a9801c3680de54cb3ef104572a8d482190",
            "0xab9d33aee8b578fe5588c4a4b16bbef6fa05fc757020f95b98212e877a919e360a90296f02e97ecbabf3c200271ffe88eb9fd86912e8376cd27237bdad5f3abc1c"
        },
        {
            "f", Deposited, Exchange.Standard,
            "0x48cfd4c03dcee72230750e2dc5ea71048e91244c2a9fec2ed6ef790a74869596",
            Wrapped(
                "0x780beffb568c4510b8a135a92ca8071f124cf368fb0e902fe451c5f51e5557910a2a87968caa08a242de85e83c27375fc09242e897aa77680f56622a54e6e7c61c",
                "3264e159346253e26a64e00b69032db0e7d32f94628de3e6eecb50304d7af3d2")
        },
        {
            "g", Deposited, Exchange.NegRisk,
            "0x82b94b9d570fdd7b07f517ea848606a9b74029f2387fbf07d8b9c856d652e608",
            Wrapped(
                "0xa411986b67c58113f8787ee54c41def9376d57ef4262b56438438710720604b700137e0175d7ae6afc40c2988179ad84b1b71a739f0974c8df3c12372f31b22c1c",
                "9b858f53327b0bd13af8ec14cfb35234fb9eb7b0504d1a4e61f433840d30e81a")
        },
        {
            "h", Plain, Exchange.V3(137),
            "0xebbc5881e0995ce4d28b2725b16c901917e02c9288525024b4cf64d23d1c5ec0",
            "0x342b617601b5766f2fe6ef71c534f4f85ccdf4f1efc55c8cd18179381542f8605b30ac945b462d32265f06a26b47c8a2e15e5f907db303d464daec69a3d049681c"
        },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Signs_the_published_orders(string row, OrderFields order, Exchange exchange, string id, string signature)
    {
        var signed = OrderSignature.Of(order, 137, exchange, Given.Signer);
        Assert.True(id == signed.Id, $"{row}: {signed.Id}");
        Assert.Equal(id, OrderSignature.IdOf(order, 137, exchange));
        Assert.Equal(signature, signed.Signature);
    }

    [Fact]
    public void A_deposit_wallets_owner_signs_another_digest_than_the_orders_id()
    {
        Assert.Equal("0xa4be61b70eb9f7d45afa3d9b6f1fce962125c0a51ea0d09ea83fd2d0126d4bbe", Inner(Exchange.Standard));
        Assert.Equal("0x76a0745b96cd5f3840b3efa043ace952188dc065420d3936bb7d76c6abe05d17", Inner(Exchange.NegRisk));
        Assert.Equal(636, OrderSignature.Of(Deposited, 137, Exchange.Standard, Given.Signer).Signature.Length);

        static string Inner(Exchange exchange)
        {
            var (contents, digest) = (new byte[32], new byte[32]);
            OrderStruct.Hash(Deposited, contents);
            OrderSignature.WalletDigest(contents, Eip712.ExchangeSeparator(137, exchange), 137, Deposited.Maker.Address, digest);
            return Text(digest);
        }
    }

    [Fact]
    public void An_order_of_a_deposit_wallet_has_it_as_maker_and_signer()
    {
        var order = Deposited with { Signer = WrittenAddress.Parse(Given.Wallet) };

        Assert.Throws<ArgumentException>(() => OrderSignature.Of(order, 137, Exchange.Standard, Given.Signer));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void There_are_four_signature_types(int type) => Assert.Throws<ArgumentOutOfRangeException>(
        () => OrderSignature.Of(Plain with { SignatureType = type }, 137, Exchange.Standard, Given.Signer));

    [Fact]
    public void Signs_the_published_order_of_the_first_generation()
    {
        var order = new OrderFieldsV1
        {
            Salt = 479249096354,
            Maker = WrittenAddress.Parse(Given.Wallet),
            Signer = WrittenAddress.Parse(Given.Wallet),
            Taker = WrittenAddress.Parse("0x0000000000000000000000000000000000000000"),
            TokenId = "1234",
            MakerAmount = 100_000_000,
            TakerAmount = 50_000_000,
            ExpirationSeconds = 0,
            Nonce = 0,
            FeeRateBps = 100,
            Side = Side.Buy,
            SignatureType = 0,
        };
        var signed = OrderSignature.Of(order, 80002, Exchange.V1(80002, negRisk: false), Given.Signer);

        Assert.Equal("0x02ca1d1aa31103804173ad1acd70066cb6c1258a4be6dada055111f9a7ea4e55", signed.Id);
        Assert.Equal(
            "0x302cd9abd0b5fcaa202a344437ec0b6660da984e24ae9ad915a592a90facf5a51bb8a873cd8d270f070217fea1986531d5eec66f1162a81f66e026db653bf7ce1c",
            signed.Signature);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => OrderSignature.Of(order with { SignatureType = 3 }, 80002, Exchange.V1(80002, negRisk: false), Given.Signer));
    }

    /// <summary>The largest is 2^256 - 1; leading zeros are digits like others.</summary>
    [Theory]
    [InlineData("115792089237316195423570985008687907853269984665640564039457584007913129639935", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("115792089237316195423570985008687907853269984665640564039457584007913129639936", null)]
    [InlineData("999999999999999999999999999999999999999999999999999999999999999999999999999999", null)]
    [InlineData("1157920892373161954235709850086879078532699846656405640394575840079131296399350", null)]
    [InlineData("000000000018446744073709551616", "0000000000000000000000000000000000000000000000010000000000000000")]
    [InlineData("", null)]
    [InlineData("12a", null)]
    [InlineData("-1", null)]
    public void A_token_id_is_a_number_of_256_bits(string text, string? hex)
    {
        var word = new byte[32];

        Assert.Equal(hex, Uint256.TryWrite(text, word) ? Convert.ToHexStringLower(word) : null);
    }

    /// <summary>The hashes of 12.1.</summary>
    [Theory]
    [InlineData(OrderStruct.Type, "0xbb86318a2138f5fa8ae32fbe8e659f8fcf13cc6ae4014a707893055433818589")]
    [InlineData(OrderStruct.TypeV1, "0xa852566c4e14d00869b6db0220888a9090a13eccdaea03713ff0a3d27bf9767c")]
    [InlineData(OrderStruct.WalletType, "0x6ba028565cb324c2aa02bb714b9816d0bddd557a2f33bb36cf13272a4256bd42")]
    [InlineData("Polymarket CTF Exchange", "0xf30041e9aac4c4d3a1481d2941dfb0a844a72040e9bbc79a810d1ec5b5d6c7af")]
    [InlineData("DepositWallet", "0xd682b529a17cda19aa275f3a050608f9e9401fadd1b0d233d81519972295828b")]
    [InlineData("3", "0x2a80e1ef1d7842f27f2e6be0972bb708b9a135c38860dbe73c27c3486c34f4de")]
    public void The_types_hash_as_published(string text, string hash) => Assert.Equal(hash, Text(Eip712.HashOf(text)));

    /// <summary>The separators of 12.2.</summary>
    [Fact]
    public void The_domains_hash_as_published()
    {
        Assert.Equal("0x3264e159346253e26a64e00b69032db0e7d32f94628de3e6eecb50304d7af3d2", Separator(137, Exchange.Standard));
        Assert.Equal("0x9b858f53327b0bd13af8ec14cfb35234fb9eb7b0504d1a4e61f433840d30e81a", Separator(137, Exchange.NegRisk));
        Assert.Equal("0xa440cbd865bc0c6243d7a8df9a8bf48a8827b0a4abbb61c30e96d305423af148", Separator(80002, Exchange.Standard));
        Assert.Equal("0x1468e39841f0a0e05d3762b235cb7acecabf8cd7b6d3a672965a5d415bf9378e", Separator(80002, Exchange.NegRisk));
        Assert.Equal("0x466c63910185bbd55e8679264200c4e0abdcbb0c6264eb3d41d13326022e095b", Separator(137, Exchange.V3(137)));
        Assert.Equal("0xdf8b5fd204134b8d562677d7fc9346884e8f02ef2fd43358239393723e8833e6", Separator(80002, Exchange.V3(80002)));
        Assert.Equal("0x1a573e3617c78403b5b4b892827992f027b03d4eaf570048b8ee8cdd84d151be", Separator(137, Exchange.V1(137, negRisk: false)));
        Assert.Equal("0x82cb6aa85babb812f4b521a12b10f0cbc68d2b44be7bc02c047004f544adb49f", Separator(137, Exchange.V1(137, negRisk: true)));
        Assert.Equal("0x44b180a7e548e2d916b5410176db13a07744966f9b6c93c4bccdabebbcdfca93", Separator(80002, Exchange.V1(80002, negRisk: false)));
        Assert.Equal("0x9fa10822e4b86fd1eed68ea1c2628e0ee9a6c523cb2570592768432cfdb09bf1", Separator(80002, Exchange.V1(80002, negRisk: true)));
        Assert.Equal("0xcfc66be2a3b30464cb3b588324101f660c9a205fa76e8e5f83ee16a528e1c4cb", Text(Eip712.AuthSeparator(137)));
        Assert.Equal("0xa1df8f4e3112eaee2448fbec9ab79f68278407e49d9cf52e3dd3d9692fcac9b6", Text(Eip712.AuthSeparator(80002)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Exchange.V3(1));

        static string Separator(int chainId, Exchange exchange) => Text(Eip712.ExchangeSeparator(chainId, exchange));
    }

    [Fact]
    public void Writes_the_golden_body_and_its_hmac()
    {
        var order = Plain with { Salt = 479249096354, MakerAmount = 17_252_800, TakerAmount = 21_040_000, TimestampMs = 1_782_753_357_257 };
        var signed = OrderSignature.Of(order, 137, Exchange.Standard, Given.Signer);
        var body = OrderBody.Write(order, signed.Signature, JsonEncodedText.Encode(Given.ApiKey), OrderType.Gtc, 0);

        Assert.Equal("0x303d47ded19d284879d54d38626abbe2345190da51007bff5ce81a4c39bad2fa", signed.Id);
        Assert.Equal(Golden, body);
        Assert.Equal(760, Encoding.UTF8.GetByteCount(body));
        Assert.Equal(
            "OHMUoiugVOar6Xhn6_BroWCtEbXTu_4CsNbD06BThpo=",
            new L2Hmac(Given.Secret).Sign("1782753357", "POST", "/order", Encoding.UTF8.GetBytes(body)));
    }

    [Fact]
    public void Credentials_are_never_printed()
    {
        var credentials = new Credentials(Given.ApiKey, Given.Secret, "pass-phrase");
        Assert.All(
            [credentials.ToString(), JsonSerializer.Serialize(credentials), ScriptedVenue.Options.ToString()],
            print => Assert.DoesNotMatch($"{Given.Secret}|pass-phrase|ac0974", print));
    }

    [Theory]
    [InlineData("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")]
    [InlineData("0xE111180000d2663C0091e4f400237545B87B996B")]
    [InlineData("0xC011a7E12a19f7B1f670d46F03B03f3342E82DFB")]
    public void An_address_prints_with_its_checksum(string address) =>
        Assert.Equal(address, EthAddress.Parse(address.ToLowerInvariant()).ToString());

    private static string Wrapped(string inner, string separator) =>
        $"{inner}{separator}d3db4f9eed41f0490532a9460395d96602c6534a931bde4f0e3aad571e4f84a0{Convert.ToHexStringLower(Encoding.ASCII.GetBytes(OrderStruct.Type))}00ba";

    private static string Text(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);
}
