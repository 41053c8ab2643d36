using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace PolyArb.Domain.Journal;

/// <summary>
/// One JSON form of the domain's values, for facts, recorded inputs and calls between processes: ids and amounts are text,
/// a closed union names its case in "case". Append only: a property may be added, never renamed.
/// </summary>
public static class DomainJson
{
    public static readonly JsonSerializerOptions Options = NewOptions();

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"null where a {typeof(T).Name} was expected");

    /// <summary>The same of UTF-8.</summary>
    public static T Read<T>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"null where a {typeof(T).Name} was expected");

    private static JsonSerializerOptions NewOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameTheCases, LeaveOutNull } },
        };
        options.Converters.Add(new JsonStringEnumConverter());
        options.Converters.Add(new AsText<Price>(Price.Parse));
        options.Converters.Add(new AsText<Size>(text => text.StartsWith('-') ? new Size(-Size.Parse(text[1..]).Micros) : Size.Parse(text)));
        options.Converters.Add(new AsText<Usd>(Usd.Parse));
        options.Converters.Add(new AsText<MarketId>(text => new MarketId(text)));
        options.Converters.Add(new AsText<ConditionId>(text => new ConditionId(text)));
        options.Converters.Add(new AsText<TokenId>(text => new TokenId(text)));
        options.Converters.Add(new AsText<BasketId>(text => new BasketId(text)));
        options.Converters.Add(new AsText<OrderId>(text => new OrderId(text)));
        options.Converters.Add(new AsText<TradeId>(text => new TradeId(text)));
        options.Converters.Add(new AsText<Books.BookHash>(Books.BookHash.Parse));
        options.Converters.Add(new InstantAsMicros());
        options.MakeReadOnly();
        return options;
    }

    private static void NameTheCases(JsonTypeInfo type)
    {
        if (!type.Type.IsAbstract || type.Type.Namespace?.StartsWith("PolyArb.Domain", StringComparison.Ordinal) != true) return;

        type.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "case" };
        foreach (var nested in type.Type.GetNestedTypes())
        {
            var union = nested.IsGenericTypeDefinition ? nested.MakeGenericType(type.Type.GenericTypeArguments) : nested;
            if (union.IsSubclassOf(type.Type)) type.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(union, nested.Name));
        }
    }

    /// <summary>Null is written as nothing, so a required value that may be null may be missing.</summary>
    private static void LeaveOutNull(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.IsRequired && Nullable.GetUnderlyingType(property.PropertyType) is not null) property.IsRequired = false;
        }
    }

    private sealed class AsText<T>(Func<string, T> parse) : JsonConverter<T>
        where T : struct
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

        public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(reader.GetString());

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value.ToString()!);

        private T Parse(string? text)
        {
            if (text is null) throw new JsonException($"null where a {typeof(T).Name} was expected");
            try
            {
                return parse(text);
            }
            catch (FormatException e)
            {
                throw new JsonException(e.Message, e);
            }
        }
    }

    private sealed class InstantAsMicros : JsonConverter<Instant>
    {
        public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Micros);
    }
}
