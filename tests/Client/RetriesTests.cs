using System.Reflection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using PolyArb.Client;
using PolyArb.Grains.Interfaces;
using Xunit;

namespace PolyArb.Tests.Client;

public class RetriesTests
{
    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };

    [Fact]
    public async Task A_silo_that_goes_is_asked_for_again()
    {
        var call = new Call(fails: 3, new SiloUnavailableException("gone"));
        var asked = new Retries(_time).Invoke(call);
        await Pass(asked);

        await asked;
        Assert.Equal(4, call.Tries);
    }

    [Fact]
    public async Task Within_five_seconds_it_is_given_up()
    {
        var call = new Call(fails: int.MaxValue, new SiloUnavailableException("gone"));
        var start = _time.GetTimestamp();
        var asked = new Retries(_time).Invoke(call);
        await Pass(asked);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => asked);
        Assert.InRange(_time.GetElapsedTime(start), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task What_was_answered_is_not_asked_again()
    {
        var call = new Call(fails: int.MaxValue, new UnauthorizedAccessException("no token"));

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => new Retries(_time).Invoke(call));
        Assert.Equal(1, call.Tries);
    }

    [Fact]
    public async Task A_start_waits_a_few_seconds_for_a_silo()
    {
        var retries = new Retries(_time);
        for (var i = 0; i < 40; i++)
        {
            var again = retries.Connects(new SiloUnavailableException("none"), CancellationToken.None);
            await Pass(again);
            if (!await again) return;
        }

        Assert.Fail("it waits for ever");
    }

    private async Task Pass(Task until)
    {
        for (var i = 0; i < 40 && !until.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }
    }

    private sealed class Call(int fails, Exception failure) : IOutgoingGrainCallContext
    {
        public int Tries { get; private set; }

        public MethodInfo InterfaceMethod { get; } = typeof(IControl).GetMethod(nameof(IControl.Status))!;

        public Orleans.Serialization.Invocation.IInvokable Request => throw new NotSupportedException();

        public object Grain => throw new NotSupportedException();

        public GrainId? SourceId => null;

        public GrainId TargetId => default;

        public GrainInterfaceType InterfaceType => default;

        public string InterfaceName => nameof(IControl);

        public string MethodName => nameof(IControl.Status);

        public IGrainContext SourceContext => throw new NotSupportedException();

        public object? Result { get; set; }

        public Orleans.Serialization.Invocation.Response? Response { get; set; }

        public Task Invoke() => Tries++ < fails ? Task.FromException(failure) : Task.CompletedTask;
    }
}
