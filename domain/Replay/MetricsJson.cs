using System.Text.Json;
using System.Text.Json.Serialization;
using PolyArb.Domain.Journal;

namespace PolyArb.Domain.Replay;

/// <summary>The domain's JSON with the metrics' spelling: underscores, shares as numbers, and nothing left out because it is null.</summary>
internal static class MetricsJson
{
    public static readonly JsonSerializerOptions Options = NewOptions();

    private static JsonSerializerOptions NewOptions()
    {
        var options = new JsonSerializerOptions(DomainJson.Options)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        };
        options.Converters.Add(new ShareAsNumber());
        options.MakeReadOnly();
        return options;
    }

    private sealed class ShareAsNumber : JsonConverter<Share>
    {
        public override Share Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("metrics are written, never read back");

        public override void Write(Utf8JsonWriter writer, Share value, JsonSerializerOptions options) => writer.WriteRawValue(value.ToString());
    }
}
