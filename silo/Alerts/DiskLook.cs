namespace PolyArb.Silo.Alerts;

/// <summary>
/// Something that is read from a disk, which may hang: nobody waits for that longer than he likes, it is not begun again meanwhile, and what
/// it comes to is taken when it has come.
/// </summary>
internal sealed class DiskLook<T>(TimeSpan patience, TimeProvider time)
{
    private Task<T>? _under;

    /// <exception cref="TimeoutException">The disk has not answered in time.</exception>
    public async Task<T> Take(Func<Task<T>> look, CancellationToken stopping)
    {
        var under = _under ??= Task.Run(look, CancellationToken.None);
        try
        {
            return await under.WaitAsync(patience, time, stopping);
        }
        finally
        {
            if (under.IsCompleted) _under = null;
        }
    }
}
