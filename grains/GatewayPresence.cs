namespace PolyArb.Grains;

/// <summary>Whether the gateway lives on this silo: what is done once for the whole cluster is done there.</summary>
public sealed class GatewayPresence
{
    private long _fence;

    public bool IsHere => Interlocked.Read(ref _fence) != 0;

    public void Come(long fence) => Interlocked.Exchange(ref _fence, fence);

    /// <summary>Unless a newer one has come meanwhile.</summary>
    public void Leave(long fence) => Interlocked.CompareExchange(ref _fence, 0, fence);
}
