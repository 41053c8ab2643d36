using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PolyArb.Tests.Client;

/// <summary>A JSON document in which a word stands for whatever is another one each time: what is left can be kept.</summary>
internal static partial class JsonWords
{
    /// <summary>Unix time in milliseconds.</summary>
    private const long TimeMin = 1_000_000_000_000;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Members of which nothing can be known.</summary>
    private static readonly string[] Unknowable = ["secret", "passphrase", "bytes"];

    private static readonly (Regex What, string Word)[] Words =
    [
        (Time(), "<time>"),
        (Uuid(), "<uuid>"),
        (Hash(), "<id>"),
        (Address(), "<address>"),
        (Token(), "<token>"),
        (Host(), "127.0.0.1:<port>"),
        (Amount(), "<n> $1"),
        (Stamp(), "<stamp>"),
    ];

    /// <param name="home">The directory where the command ran.</param>
    public static string Of(JsonElement document, string home) => Plain(JsonNode.Parse(document.GetRawText()), "", home)!.ToJsonString(Readable) + "\n";

    private static JsonNode? Plain(JsonNode? node, string name, string home) => node switch
    {
        JsonObject of => new JsonObject(of.Select(member => KeyValuePair.Create(member.Key, Plain(member.Value, member.Key, home)))),
        JsonArray of => new JsonArray([.. of.Select(item => Plain(item, name, home))]),
        not null when Unknowable.Contains(name) => $"<{name}>",
        JsonValue value when value.GetValueKind() is JsonValueKind.String => Text(value.GetValue<string>(), home),
        JsonValue value when value.GetValueKind() is JsonValueKind.Number && value.GetValue<JsonElement>().TryGetInt64(out var number) && number > TimeMin => "<time>",
        _ => node?.DeepClone(),
    };

    private static string Text(string text, string home)
    {
        text = text.Replace(home, "<home>", StringComparison.Ordinal).Replace($"{Environment.UserName}@{Environment.MachineName}", "<operator>", StringComparison.Ordinal);
        return Words.Aggregate(text, (said, word) => word.What.Replace(said, word.Word));
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?")]
    private static partial Regex Time();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    [GeneratedRegex("0x[0-9a-f]{64}")]
    private static partial Regex Hash();

    [GeneratedRegex("0x[0-9a-fA-F]{40}")]
    private static partial Regex Address();

    [GeneratedRegex(@"\b\d{60,80}\b")]
    private static partial Regex Token();

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex Host();

    /// <summary>How much of it, and how long it took, is the machine's.</summary>
    [GeneratedRegex(@"\b[0-9.,]+ (ms|s|GB|MB|proofs)\b")]
    private static partial Regex Amount();

    /// <summary>A time as it stands in the name of a file.</summary>
    [GeneratedRegex(@"\b\d{8}T?-?\d{6}\w*")]
    private static partial Regex Stamp();
}
