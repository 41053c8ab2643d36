using Orleans.Serialization;

namespace PolyArb.Grains.Interfaces;

/// <summary>What a call between grains, or of a client, ends in when nobody has answered: the world's fault, and nobody's bug.</summary>
public static class NoAnswer
{
    /// <summary>Orleans gives up with this one of a library's when it cannot find out where a grain lives.</summary>
    private const string NotFoundInTime = "Polly.Timeout.TimeoutRejectedException";

    public static bool Is(Exception e) => e is OrleansException or TimeoutException || IsNotFoundInTime(e);

    /// <summary>A client does not know that library.</summary>
    public static bool IsNotFoundInTime(Exception e) =>
        e.GetType().FullName == NotFoundInTime || e is UnavailableExceptionFallbackException { ExceptionType: { } type } && type.StartsWith(NotFoundInTime, StringComparison.Ordinal);
}
