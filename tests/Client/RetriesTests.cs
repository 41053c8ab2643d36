using System.Reflection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using PolyArb.Client;
using PolyArb.Grains.Interfaces;
using Xunit;

namespace PolyArb.Tests.Client;

public class RetriesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };

    [Fact]
    public async Task A_silo_that_goes_is_asked_for_again()
    {
        var call = new Call(fails: 3, new SiloUnavailableException("gone"));
        var asked = new Retries(Patience, _time).Invoke(call);
        await Pass(asked);

        await asked;
        Assert.Equal(4, call.Tries);
    }

    [Fact]
    public async Task Within_five_seconds_it_is_given_up()
    {
        var call = new Call(fails: int.MaxValue, new SiloUnavailableException("gone"));
        var start = _time.GetTimestamp();
        var asked = new Retries(Patience, _time).Invoke(call);
        await Pass(asked);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => asked);
        Assert.InRange(_time.GetElapsedTime(start), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task What_was_answered_is_not_asked_again()
    {
        var call = new Call(fails: int.MaxValue, new UnauthorizedAccessException("no token"));

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => new Retries(Patience, _time).Invoke(call));
        Assert.Equal(1, call.Tries);
    }

    [Fact]
    public async Task A_reading_call_whose_answer_is_lost_is_made_again()
    {
        var call = new Call(fails: 2, new TimeoutException("no answer"));
        await new Retries(Patience, _time).Invoke(call);

        Assert.Equal(3, call.Tries);
    }

    [Fact]
    public async Task A_reading_call_that_nobody_answers_is_given_up_when_the_wait_is_over()
    {
        var call = new Call(fails: 0, new TimeoutException()) { IsSilent = true };
        var start = _time.GetTimestamp();
        var asked = new Retries(Patience, _time).Invoke(call);
        await Pass(asked);

        await Assert.ThrowsAsync<TimeoutException>(() => asked);
        Assert.InRange(_time.GetElapsedTime(start), Patience, Patience + TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(nameof(IControl.Kill))]
    [InlineData(nameof(IControl.Resume))]
    [InlineData(nameof(IControl.SetParameters))]
    public async Task A_verb_whose_answer_is_lost_is_not_said_twice(string verb)
    {
        var call = new Call(fails: 1, new TimeoutException("no answer")) { InterfaceMethod = typeof(IControl).GetMethod(verb)! };

        await Assert.ThrowsAsync<TimeoutException>(() => new Retries(Patience, _time).Invoke(call));
        Assert.Equal(1, call.Tries);
    }

    [Fact]
    public async Task A_resume_that_a_lost_silo_may_have_passed_on_is_not_said_again()
    {
        var call = new Call(fails: 1, new SiloUnavailableException("gone")) { InterfaceMethod = typeof(IControl).GetMethod(nameof(IControl.Resume))! };

        await Assert.ThrowsAsync<SiloUnavailableException>(() => new Retries(Patience, _time).Invoke(call));
        Assert.Equal(1, call.Tries);
    }

    [Fact]
    public async Task A_resume_that_nobody_took_is_said_again()
    {
        var call = new Call(fails: 1, new Orleans.Runtime.Messaging.ConnectionFailedException("refused")) { InterfaceMethod = typeof(IControl).GetMethod(nameof(IControl.Resume))! };
        var asked = new Retries(Patience, _time).Invoke(call);
        await Pass(asked);

        await asked;
        Assert.Equal(2, call.Tries);
    }

    private async Task Pass(Task until)
    {
        for (var i = 0; i < 200 && !until.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }
    }

    private sealed class Call(int fails, Exception failure) : IOutgoingGrainCallContext
    {
        public int Tries { get; private set; }

        public MethodInfo InterfaceMethod { get; init; } = typeof(IControl).GetMethod(nameof(IControl.Status))!;

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

        public bool IsSilent { get; init; }

        public Task Invoke() => IsSilent ? new TaskCompletionSource().Task : Tries++ < fails ? Task.FromException(failure) : Task.CompletedTask;
    }
}
