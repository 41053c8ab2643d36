namespace PolyArb.Polymarket;

/// <summary>`Retry-After`, in seconds or as a date (protocol sheet 9.2, 9.4).</summary>
internal static class RetryAfter
{
    /// <summary>Null without one. A date counts from the answer's own, so our clock does not matter.</summary>
    public static TimeSpan? Of(HttpResponseMessage? response) => response?.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } when response.Headers.Date is { } now => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };
}
