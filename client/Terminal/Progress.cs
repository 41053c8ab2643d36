using System.Globalization;

namespace PolyArb.Client;

/// <summary>How far a command is that goes through a recording input by input.</summary>
/// <param name="tell">Is called now and then with percent and a few words.</param>
internal sealed class Progress(Action<int, string> tell)
{
    private const int Every = 5_000;

    private long _done;

    /// <summary>Null while nobody knows.</summary>
    public long? Total { get; set; }

    public void Step()
    {
        if (++_done % Every == 0) tell(Total is > 0 and var total ? (int)Math.Min(100, 100 * _done / total) : 0, _done.ToString("N0", CultureInfo.InvariantCulture) + " inputs");
    }
}
