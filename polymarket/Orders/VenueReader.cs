using System.Collections.Immutable;
using System.Text.Json;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.Orders;

/// <summary>Answers to questions: one document, or all pages of a list (protocol sheet 2.1).</summary>
internal static class VenueReader
{
    /// <summary>Base64 of "0" and of "-1".</summary>
    public const string FirstCursor = "MA==";
    public const string LastCursor = "LTE=";

    /// <summary>A list longer than this is a loop of the cursor.</summary>
    private const int PagesMax = 1_000;

    public static VenueAnswer<T> Read<T>(VenueResponse response, string what, Func<JsonElement, T> read)
    {
        if (Failure(response, what) is { } failure) return new VenueAnswer<T>.Unavailable(failure);

        try
        {
            return new VenueAnswer<T>.Ok(read(JsonElements.Parse(response.Body)));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            return Unreadable<T>(what, $"not in the venue's format ({e.Message})");
        }
    }

    /// <summary>Null when the call was carried out; what it answered does not matter.</summary>
    public static VenueFailure? Failure(VenueResponse response, string what)
    {
        if (response.IsSuccess && !response.IsPage) return null;

        var failure = Verdict.Of(response).Failure;
        return failure with { Why = $"{what}: {failure.Why}" };
    }

    /// <summary>All pages or none: half a list proves nothing. An item may come twice when the list moves meanwhile.</summary>
    public static async Task<VenueAnswer<ImmutableArray<T>>> ReadAll<T>(
        Func<string, Task<VenueResponse>> ask, string what, Func<JsonElement, T> read)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        var cursor = FirstCursor;
        for (var page = 0; page < PagesMax; page++)
        {
            var answer = Read(await ask(cursor), what, root => (
                Items: root.TryGetProperty("data", out var data) && data.ValueKind is JsonValueKind.Array
                    ? data.EnumerateArray().Select(read).ToArray()
                    : throw new FormatException("no data"),
                Next: root.Text("next_cursor")));
            if (answer is not VenueAnswer<(T[] Items, string Next)>.Ok(var (found, next))) return answer.Map(_ => ImmutableArray<T>.Empty);

            items.AddRange(found);
            if (next is "" or LastCursor) return new VenueAnswer<ImmutableArray<T>>.Ok(items.DrainToImmutable());
            if (next == cursor) return Unreadable<ImmutableArray<T>>(what, "the cursor does not move");
            cursor = next;
        }

        return Unreadable<ImmutableArray<T>>(what, $"more than {PagesMax} pages");
    }

    /// <summary>It answered, and not what was asked.</summary>
    public static VenueAnswer<T>.Unavailable Unreadable<T>(string what, string why) => new(new VenueFailure.Unanswered($"{what}: {why}"));
}
