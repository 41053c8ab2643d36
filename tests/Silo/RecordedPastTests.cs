using System.Collections.Immutable;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Risk;
using PolyArb.Domain.Simulation;
using PolyArb.Silo.Replay;
using PolyArb.Storage;
using PolyArb.Tests.Domain;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Silo;

/// <summary>What a backtest takes from its recording beside market data, and what it says where that is not there.</summary>
public sealed class RecordedPastTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Nothing_is_taken_where_nothing_is_asked_for()
    {
        await Write(Killed(OrderState.Canceled), Answer(80));
        var setup = Setup();
        Assert.Same(setup, RecordedPast.Into(setup, _file, Stop));
    }

    [Fact]
    public async Task Orders_and_latencies_of_the_recording_become_rules()
    {
        await Write(Killed(OrderState.Canceled), Answer(80), Answer(120));
        var setup = RecordedPast.Into(Setup("backtest.use_recorded_fills", "backtest.use_recorded_latency"), _file, Stop);

        Assert.Equal(Given.Leg(), Assert.Single(setup.Rules.RecordedOrders).Terms);
        Assert.Equal([TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(120)], Assert.IsType<LatencyModel.Recorded>(setup.Rules.Venue.Out).Spans);
        Assert.Equal(
            "drawn from 2 recorded answers of 80 to 120 ms, all of it on the way to the book", Assert.Single(setup.Models, model => model.Name is "latency").Text);
        Assert.Equal(
            "0 of 1 recorded orders were sent again and got what they got then; the model decided about all others",
            RecordedPast.Came(setup, new SimulatedDay(setup.Rules, [], (_, _) => false))?.Text);
    }

    [Theory]
    [InlineData("backtest.use_recorded_fills", false, "holds no orders of ours")]
    [InlineData("backtest.use_recorded_fills", true, "holds 1 orders of ours, and of none how it ended")]
    [InlineData("backtest.use_recorded_latency", true, "holds no answer of the venue to an order")]
    public async Task What_the_recording_does_not_have_is_refused_by_name(string key, bool hasOrder, string says)
    {
        await Write(hasOrder ? [Killed(OrderState.Absent)] : []);

        var refused = Assert.Throws<StorageException>(() => RecordedPast.Into(Setup(key), _file, Stop));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }

    private static BacktestSetup.Ready Setup(params string[] on) => Assert.IsType<BacktestSetup.Ready>(
        BacktestSetup.Of(PolyArbOptions.Defaults, [.. on.Select(key => new NamedText(key, "true"))]));

    private static (InputKind Kind, string Text) Killed(OrderState state) => (InputKind.Answer, DomainJson.Write(new OwnedInput(
        Given.Event,
        new DeskInput.News(1, [new OpenBasket(Given.Basket(), Given.Noon,
            [new LegNews(new OrderId("o1"), Given.Leg(), Purpose.Open, Given.Noon, state, Size.Zero, Usd.Zero, Size.Zero, Usd.Zero, true, true, true, null)])], []))));

    private static (InputKind Kind, string Text) Answer(int millis) => (InputKind.Call, DomainJson.Write<PortfolioCall>(new PortfolioCall.Check(
        1, new GatewaySigns(StreamState.Live, StreamState.Live, 0, [new Answered(Given.Event, Given.Noon, Given.After(millis / 1_000.0), 1, 0)]))));

    private Task Write(params (InputKind Kind, string Text)[] rows) => CaptureFile.Write(
        _file, new CaptureHeader([]), rows.Select((row, index) => new CaptureLine(index + 1, Given.Noon, "c", row.Kind, row.Text)).ToAsyncEnumerable(), Stop);
}
