using System.Text;
using PolyArb.Domain;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>The frames we send on the market channel (protocol sheet 4.1). Token ids are digits: nothing to escape.</summary>
internal static class MarketSubscription
{
    /// <summary>Right after connecting; snapshots of all follow.</summary>
    public static string Initial(IEnumerable<TokenId> tokens) => $$"""{"assets_ids":{{List(tokens)}},"type":"market","custom_feature_enabled":true}""";

    public static string Add(IEnumerable<TokenId> tokens) =>
        $$"""{"assets_ids":{{List(tokens)}},"operation":"subscribe","custom_feature_enabled":true}""";

    public static string Remove(IEnumerable<TokenId> tokens) => $$"""{"assets_ids":{{List(tokens)}},"operation":"unsubscribe"}""";

    private static string List(IEnumerable<TokenId> tokens) =>
        new StringBuilder("[").AppendJoin(',', tokens.Select(token => $"\"{token}\"")).Append(']').ToString();
}
