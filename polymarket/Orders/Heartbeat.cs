using System.Net;
using System.Text.Json;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.Orders;

/// <summary>
/// The dead-man switch (protocol sheet 7.10): each beat names the id that the one before was answered with, the first one none. One at
/// a time.
/// </summary>
internal sealed class Heartbeat(Func<string, CancellationToken, Task<VenueResponse>> post)
{
    private string _id = "";

    /// <summary>Null when the venue heard it.</summary>
    public async Task<VenueFailure?> Beat(CancellationToken cancellation)
    {
        var response = await Post(cancellation);
        if (response.Status is HttpStatusCode.BadRequest && IdIn(response) is { } expected)
        {
            _id = expected; // Another process of this key, or a beat of ours whose answer was lost.
            response = await Post(cancellation);
        }

        if (VenueReader.Failure(response, "heartbeat") is { } failure) return failure;
        if (IdIn(response) is not { } next) return new VenueFailure.Unanswered("heartbeat: no id in the answer");

        _id = next;
        return null;
    }

    private Task<VenueResponse> Post(CancellationToken cancellation) =>
        post($$"""{"heartbeat_id":"{{JsonEncodedText.Encode(_id)}}"}""", cancellation);

    private static string? IdIn(VenueResponse response)
    {
        try
        {
            var root = JsonElements.Parse(response.Body);
            return root.ValueKind is JsonValueKind.Object && root.TryGetProperty("heartbeat_id", out var id) ? id.Scalar() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // The latter for text that is no Unicode.
        {
            return null;
        }
    }
}
