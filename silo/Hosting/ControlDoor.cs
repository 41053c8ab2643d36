using System.Security.Cryptography;
using System.Text;

namespace PolyArb.Silo.Hosting;

/// <summary>
/// Who may steer from outside. With a token: whoever carries it, and where others than this machine can knock, reading wants it too.
/// Without one the silo is bound to loopback, and this machine may.
/// </summary>
/// <param name="token">Null: none is set.</param>
internal sealed class ControlDoor(string? token, bool isLoopback)
{
    /// <summary>For a silo whose ports nobody else reaches.</summary>
    public static readonly ControlDoor Unlocked = new(token: null, isLoopback: true);

    private readonly byte[]? _digest = token is null ? null : Digest(token);

    /// <summary>Whether this is the token; null where none is set. For doors that open to nobody without one.</summary>
    public Func<string, bool>? IsToken => _digest is { } digest ? carried => CryptographicOperations.FixedTimeEquals(digest, Digest(carried)) : null;

    /// <summary>Null: come in. Else one line for whoever knocked.</summary>
    public string? Refuses(string? carried, bool steers)
    {
        if (_digest is null) return isLoopback ? null : "this silo has no control token, and is not bound to loopback";
        if (!steers && isLoopback) return null;
        if (carried is null) return "this silo wants its control token: set CONTROL_TOKEN in the environment or .env";

        return IsToken!(carried) ? null : "CONTROL_TOKEN is not this silo's";
    }

    /// <summary>Of one length, so that comparing says nothing about the length either.</summary>
    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
