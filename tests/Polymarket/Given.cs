using System.Text;
using PolyArb.Domain;
using PolyArb.Polymarket.Signing;

namespace PolyArb.Tests.Polymarket;

/// <summary>The plain case: the protocol sheet's own wallet, condition and tokens.</summary>
internal static class Given
{
    public const string Wallet = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    public const string ApiKey = "00000000-0000-0000-0000-000000000001";
    public const string Secret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    public static readonly ConditionId Condition = new("0xbd31dc8a20211944f6b70f31557f1001557b59905b7738480ca09bd4532f84af");
    public static readonly TokenId Yes = new("71321045679252212594626385532706912750332728571942532289631379312455583992563");
    public static readonly TokenId No = new("52114319501245915516055106046884209969926127482827954674443846427813813222426");

    /// <summary>The well-known development key of 12.3.</summary>
    public static readonly IDigestSigner Signer = SignerOf("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");

    /// <summary>By the library that is there: which of the two does not matter.</summary>
    public static IDigestSigner SignerOf(string privateKey) => ((SignerChoice.Made)Signers.Create(privateKey, SignerBackend.Auto)).Signer;

    /// <summary>JSON with MARKET, YES and NO for the ids.</summary>
    public static byte[] Frame(string json) => Encoding.UTF8.GetBytes(json
        .Replace("MARKET", Condition.Text, StringComparison.Ordinal)
        .Replace("YES", Yes.Text, StringComparison.Ordinal)
        .Replace("NO_", No.Text, StringComparison.Ordinal));

    /// <summary>A standalone market; each number has ids of its own.</summary>
    public static Market Market(int number = 0)
    {
        var condition = new Condition
        {
            Id = number == 0 ? Condition : new ConditionId($"0x{number:d64}"),
            Question = $"Will {number}?",
            Yes = number == 0 ? Yes : new TokenId($"{number}1"),
            No = number == 0 ? No : new TokenId($"{number}2"),
            Tick = Price.Cents(1),
            MinOrderSize = Size.Shares(5),
            NegRisk = false,
            Fee = null,
            IsTradable = true,
        };
        return new Market { Id = new MarketId(condition.Id.Text), Title = condition.Question, NegRisk = false, Conditions = [condition] };
    }
}
