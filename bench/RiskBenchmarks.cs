using BenchmarkDotNet.Attributes;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Silo.Hosting;

namespace PolyArb.Bench;

/// <summary>One turn of the portfolio without the grain around it: 63 reservations stand and 40 tokens are held.</summary>
public class RiskBenchmarks
{
    private static readonly RiskLimits Limits = SiloSetup.RulesOf(PolyArbOptions.Defaults, "bench").Risk;

    private readonly RiskState _state = new(1);
    private readonly Proposal _proposal = ReserveLoad.Proposal(63);

    [GlobalSetup]
    public void Setup()
    {
        var held = Enumerable.Range(0, 40).Select(number => new Position(
            new TokenId($"t{number}"), new MarketId($"held{number}"), new ConditionId($"c{number}"), Size.Shares(5), Usd.Dollars(1), Outcome.No)).ToArray();
        _state.Accept(new Announcement(1, 1, TradingState.Running, IsRecovering: false, Usd.Dollars(1_000_000), Usd.Zero, [.. held], [], [], []));
        foreach (var position in held)
            _state.Take(new MarketMark(position.Market!.Value, _proposal.SeenAt, null, false, [new TokenMark(position.Token, Price.Cents(20))], 0, 0));
        for (var call = 0; call < 63; call++) _state.Reserve(ReserveLoad.Proposal(call), _proposal.SeenAt, TimeSpan.FromHours(1));
    }

    [Benchmark(Description = "reserve: decide, set aside, give back")]
    public bool Reserve()
    {
        _state.Expire(_proposal.SeenAt);
        if (RiskEngine.Decide(_state, Limits, _proposal, _proposal.SeenAt) is not null) throw new InvalidOperationException("refused");

        _state.Release(_state.Reserve(_proposal, _proposal.SeenAt, TimeSpan.FromSeconds(5)).Id);
        return true;
    }
}
