namespace PolyArb.Dashboard;

/// <summary>A page that is open. Told by one thread at a time.</summary>
internal sealed class Watcher(Watched what, Func<Task> changed, Action<Watcher> forget) : IDisposable
{
    private Task _telling = Task.CompletedTask;
    private bool _hasNews;

    public Watched What => what;

    /// <summary>A page draws on a thread of its own, and one that is still drawing is told afterwards.</summary>
    public void Tell(bool isNews)
    {
        _hasNews |= isNews;
        if (!_hasNews || !_telling.IsCompleted) return;

        _hasNews = false;
        _telling = Task.Run(changed);
    }

    public void Dispose() => forget(this);
}
