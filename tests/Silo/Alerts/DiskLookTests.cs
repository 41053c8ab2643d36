using Microsoft.Extensions.Time.Testing;
using PolyArb.Silo.Alerts;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Silo.Alerts;

public class DiskLookTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly DiskLook<int> _look;
    private readonly TaskCompletionSource<int> _disk = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _begun;

    public DiskLookTests() => _look = new DiskLook<int>(TimeSpan.FromSeconds(4), _clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_disk_that_hangs_is_not_asked_again_and_its_answer_is_not_lost()
    {
        for (var i = 0; i < 3; i++)
        {
            var waiting = Taken();
            await FaultDay.Until(() => Task.FromResult(_begun == 1));
            _clock.Advance(TimeSpan.FromSeconds(4));
            await Assert.ThrowsAsync<TimeoutException>(() => waiting);
        }

        _disk.SetResult(7);

        Assert.Equal(7, await Taken());
        Assert.Equal(1, _begun);
        Assert.Equal(7, await Taken());
        Assert.Equal(2, _begun);
    }

    [Fact]
    public async Task A_look_that_fails_is_taken_again_the_next_time()
    {
        _disk.SetException(new IOException("unreadable"));

        for (var i = 0; i < 2; i++) await Assert.ThrowsAsync<IOException>(Taken);

        Assert.Equal(2, _begun);
    }

    [Fact]
    public async Task Nobody_waits_who_ends()
    {
        using var stopping = new CancellationTokenSource();
        var waiting = Take(stopping.Token);

        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private Task<int> Taken() => Take(Cancellation);

    private Task<int> Take(CancellationToken stopping) => _look.Take(
        () =>
        {
            Interlocked.Increment(ref _begun);
            return _disk.Task;
        },
        stopping);
}
