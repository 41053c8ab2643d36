using System.Net;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;

namespace PolyArb.Polymarket.Orders;

/// <summary>
/// What a response that is no success means, and what it proves about the orders that were in the request (protocol sheet 9.3 to 9.5).
/// Pure. What it does not prove leaves an order Unanswered: it may be on the book.
/// </summary>
internal readonly record struct Verdict(VenueFailure Failure, RejectCode Code, Proof Proof)
{
    private const HttpStatusCode TooEarly = (HttpStatusCode)425;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>When the answer names no time: of a limit, of a restart (9.3: 1 to 2 s), of a mode.</summary>
    private static readonly TimeSpan LimitWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RestartWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ModeWait = TimeSpan.FromSeconds(10);

    private static readonly string[] BlockPages =
        ["attention required", "just a moment", "access denied", "you have been blocked", "captcha", "challenge-platform", "cf-chl", "error 1020", "error 1009"];

    public static Verdict Of(VenueResponse response)
    {
        if (response.Status is not { } status)
        {
            return response.IsUnsent
                ? new(new VenueFailure.Down(response.Why), RejectCode.NotSent, Proof.Request)
                : new(new VenueFailure.Unanswered(response.Why), RejectCode.Unknown, Proof.Nothing);
        }

        var (code, proof) = Rejections.Of(response.Error, response.Code);
        return status switch
        {
            HttpStatusCode.TooManyRequests => new(Later(response, LimitWait), RejectCode.RateLimited, Proof.Request),
            TooEarly => new(Later(response, RestartWait), RejectCode.Restarting, Proof.Nothing), // The engine goes down: who knows with what.
            HttpStatusCode.Unauthorized when !response.IsPage => new(new VenueFailure.Unauthorized(response.Summary), RejectCode.Unauthorized, Proof.Request),
            HttpStatusCode.Forbidden or HttpStatusCode.UnavailableForLegalReasons => new(Blocked(response), RejectCode.Blocked, Proof.Request),
            >= HttpStatusCode.InternalServerError when response.IsPage && IsBlockPage(response) => new(Blocked(response), RejectCode.Blocked, Proof.Nothing),
            HttpStatusCode.ServiceUnavailable when Rejections.IsMode(code) => new(Later(response, ModeWait), code, proof),
            >= HttpStatusCode.InternalServerError => new(new VenueFailure.Unanswered(response.Summary), code, Proof.Nothing),
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => new(Blocked(response), RejectCode.Blocked, Proof.Nothing),
            _ when response.IsPage => new(Blocked(response), RejectCode.Blocked, Proof.Nothing),
            >= HttpStatusCode.BadRequest => new(new VenueFailure.Rejected(code, response.Summary), code, proof),
            _ => new(new VenueFailure.Unanswered(response.Summary), RejectCode.Unknown, Proof.Nothing),
        };
    }

    /// <summary>What one leg's refusal says of all that would follow, a limit or a mode (9.4); null when it is about the leg.</summary>
    public static VenueFailure.RetryAfter? RestOf(RejectCode code, TimeSpan? named, string why) => code switch
    {
        RejectCode.RateLimited => Later(named, LimitWait, why),
        _ when Rejections.IsMode(code) => Later(named, ModeWait, why),
        _ => null,
    };

    /// <summary>The venue's time, within reason: none at all would make us ask for ever, and a day could be a mistake.</summary>
    private static VenueFailure.RetryAfter Later(TimeSpan? named, TimeSpan otherwise, string why)
    {
        var wait = named ?? otherwise;
        return new(wait < ShortestWait ? ShortestWait : wait > LongestWait ? LongestWait : wait, why);
    }

    private static VenueFailure.RetryAfter Later(VenueResponse response, TimeSpan otherwise) => Later(response.RetryAfter, otherwise, response.Summary);

    /// <summary>In plain words what answered instead of the venue's API.</summary>
    private static VenueFailure.Blocked Blocked(VenueResponse response)
    {
        var status = $"HTTP {(int)response.Status!}";
        var text = response.IsPage ? response.Text : response.Error;
        return new(text switch
        {
            _ when Has(text, "region", "country", "jurisdiction", "geoblock", "restricted", "not available in") =>
                $"the venue does not serve the region this address is in ({status})",
            _ when response.IsPage && (IsBlockPage(response) || Has(text, "cloudflare")) => $"the venue's front end (Cloudflare) refuses this address ({status})",
            _ when response.IsPage => $"a web page instead of the venue's API ({status}): a captive portal, a proxy or a wrong address",
            _ when response.Error.Length > 0 => $"the venue refuses this address: {response.Error} ({status})",
            _ when response.Status is HttpStatusCode.Forbidden or HttpStatusCode.UnavailableForLegalReasons => $"the venue refuses this address ({status})",
            _ => $"sent elsewhere instead of an answer ({status}): a captive portal, a proxy or a wrong address",
        });
    }

    private static bool IsBlockPage(VenueResponse response) => Has(response.Text, BlockPages);

    private static bool Has(string text, params ReadOnlySpan<string> fragments)
    {
        foreach (var fragment in fragments)
        {
            if (text.Contains(fragment, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
