using Microsoft.Extensions.Time.Testing;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class FaultBoardTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000));
    private readonly ExchangeWorld _world = WorldBuilder.Build(1);
    private readonly Agenda _agenda;
    private readonly List<string> _log = [];
    private readonly FaultBoard _board;

    public FaultBoardTests()
    {
        _agenda = new Agenda(new Lock(), _clock);
        _board = new FaultBoard(_world, _agenda, _log.Add);
    }

    private Condition Here => _world.Conditions[0];

    private Condition Elsewhere => _world.Conditions[1];

    public void Dispose() => _agenda.Dispose();

    [Fact]
    public void A_window_is_open_from_its_time_on_for_its_duration_over_its_condition()
    {
        Load(new Fault(FaultKind.TokenFreeze, AtMs: 100, 0, 1, Here.Tokens[1], DurationMs: 50));

        Pass(99);
        Assert.False(_board.Holds(FaultKind.TokenFreeze, Here));
        Pass(1);
        Assert.True(_board.Holds(FaultKind.TokenFreeze, Here));
        Assert.False(_board.Holds(FaultKind.TokenFreeze, Elsewhere));
        Assert.False(_board.Holds(FaultKind.WsFreeze, Here));
        Pass(50);
        Assert.False(_board.Holds(FaultKind.TokenFreeze, Here));
        Assert.EndsWith("begins, for 50 ms", _log[0], StringComparison.Ordinal);
        Assert.EndsWith("is over, 1 times felt", _log[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_charge_waits_for_its_condition_and_strikes_once_each()
    {
        Load(new Fault(FaultKind.DropBook, 0, 0, Count: 2, Here.Tokens[0], 0));

        Assert.Null(_board.Strikes(FaultKind.DropBook, Elsewhere));
        Assert.NotNull(_board.Strikes(FaultKind.DropBook, Here));
        Assert.NotNull(_board.Strikes(FaultKind.DropBook, Here));
        Assert.Null(_board.Strikes(FaultKind.DropBook, Here));
        Assert.Equal(2, _log.Count);
    }

    [Fact]
    public void A_fault_of_every_so_often_comes_as_often_as_it_says()
    {
        var times = new List<long>();
        var start = _agenda.Now;
        _board.OnAct(FaultKind.SocketClose, (_, _) =>
        {
            times.Add(_agenda.Now - start);
            return "closed";
        });
        Load(new Fault(FaultKind.SocketClose, AtMs: 10, EveryMs: 100, Count: 3, null, 0));

        for (var i = 0; i < 50; i++) Pass(10);

        Assert.Equal([10, 110, 210], times);
        Assert.Equal(3, _board.Fired.Count);
    }

    [Fact]
    public void A_token_nobody_lists_is_refused_and_nothing_of_the_plan_is_scheduled()
    {
        var plan = new FaultPlan(1, [new Fault(FaultKind.DropBook, 0, 0, 1, null, 0), new Fault(FaultKind.DropBook, 0, 0, 1, "77", 0)]);
        Assert.Contains("77", Assert.Throws<FormatException>(() => _board.Load(plan)).Message, StringComparison.Ordinal);
        Pass(0);
        Assert.Null(_board.Strikes(FaultKind.DropBook, Here));
    }

    [Fact]
    public void Where_one_condition_must_be_meant_the_seed_names_it()
    {
        Load(new Fault(FaultKind.TokenFreeze, 0, 0, 1, null, 1_000));
        Assert.Single(_world.Conditions, condition => _board.Holds(FaultKind.TokenFreeze, condition));
    }

    private void Load(Fault fault)
    {
        _board.Load(new FaultPlan(1, [fault]));
        Pass(0);
    }

    private void Pass(int milliseconds)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _agenda.RunDue();
    }
}
