using Orleans.Runtime;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Silo.Hosting;

/// <summary>
/// Wakes the gateway and opens those of the enabled markets, and of the markets with something open, that belong on this silo, again and again:
/// at once what is not open here or has changed, and each of the others every few rounds. Idempotent, so this loop is failover as well. On the
/// way down it is the first to go: the last silo that could trade stops trading in good order; any other leaves it to those that stay.
/// </summary>
internal sealed partial class Ignition(
    IGrainFactory grains, MarketWatch watch, SiloSetup setup, RulesInForce rules, SiloParameters parameters, Neighbours neighbours, GatewayPresence presence,
    MarketBoard board, ClusterLife life, IGatewayLease lease, IMarketFeed feed, IStopFile stopFile, StopOutcome outcome, TimeProvider time, ILogger<Ignition> logger)
    : BackgroundService
{
    /// <summary>In which each market is asked once, whether something of it has changed or not.</summary>
    private const int RoundsOfAll = 5;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TeachPeriod = TimeSpan.FromSeconds(30);

    private readonly Dictionary<MarketId, Place> _places = [];
    private readonly HashSet<MarketId> _missing = [];
    private int _round;
    private HashSet<MarketId> _enabled = []; // As last heard.
    private Task _news = Task.CompletedTask;
    private DateTimeOffset _nextTeach;
    private GatewayWord? _heard;
    private bool _isJoined;
    private bool _hasMarked;
    private string? _complaint; // The last one, until a round went well.
    private string _passed = ""; // What the gateway last said to a stop file of this silo.

    private IOrderGatewayGrain Gateway => grains.GetGrain<IOrderGatewayGrain>(0);

    private IRegistryGrain Registry => grains.GetGrain<IRegistryGrain>(0);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var news = watch.News; // Before looking.
            try
            {
                await Join();
                var word = await Gateway.Wake($"{neighbours.Self.Endpoint}", feed.Health);
                await Begun(word);
                await Follow(word);
                await PassStop();
                await Teach(isNew: false);
                await OpenMarkets(stoppingToken);
                _complaint = null;
                await Task.WhenAny(news, Task.Delay(Period, time, stoppingToken));
            }
            catch (Exception e) when (NoAnswer.Is(e) && !stoppingToken.IsCancellationRequested)
            {
                Complain(e.Message); // A silo may have gone, or this one not heard of its own grains yet.
                await Task.WhenAny(Task.Delay(Period, time, stoppingToken));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogRound(e); // One bad round is not the end: the next one is a second away.
                await Task.WhenAny(Task.Delay(Period, time, stoppingToken));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Trading stops first; the loop, which may be waiting for a busy market, ends behind it.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (neighbours.HasOtherKeyHolder) LogHandsOver();
        else if (neighbours.HoldsKey(neighbours.Self)) await StopTrading();

        await base.StopAsync(cancellationToken);
    }

    private async Task StopTrading()
    {
        try
        {
            var answer = await Gateway.Stop("silo", "the silo is shutting down").WaitAsync(rules.Now.AckTimeout + Period, time, CancellationToken.None);
            outcome.IsStopConfirmed = answer.IsDone;
            if (answer.IsDone) LogStopped(answer.Text);
            else LogStopIncomplete(answer.Text);
        }
        catch (Exception e) when (NoAnswer.Is(e))
        {
            outcome.IsStopConfirmed = false;
            LogStopUnsure(e);
        }
    }

    /// <summary>
    /// Once, before the first gateway is woken: where no other silo has had one, the cluster starts. All of them must answer: one that died may still
    /// count as active, and is gone a few seconds later.
    /// </summary>
    private async Task Join()
    {
        if (_isJoined) return;

        var lives = neighbours.HasOthers
            && (await grains.GetGrain<IManagementGrain>(0).SendControlCommandToProvider<ClusterLife>(ClusterLife.Name, 0).WaitAsync(Patience)).Any(hasBegun => hasBegun is true);
        if (!lives) await lease.MarkStart();
        (_isJoined, _hasMarked) = (true, !lives);
    }

    /// <summary>The gateway has seen the mark, this one's or that of another silo which started in the same moment: nobody else is to.</summary>
    private async Task Begun(GatewayWord word)
    {
        if (_hasMarked) await lease.ClearStart(word.Fence);
        _hasMarked = false;
        life.Begun();
    }

    /// <summary>What holds at the gateway's silo holds here.</summary>
    private async Task Follow(GatewayWord word)
    {
        if (word == _heard) return;

        if (!presence.IsHere)
        {
            foreach (var line in parameters.Follow(await Gateway.Parameters())) LogUnfollowed(line);
        }

        _heard = word;
    }

    /// <summary>The gateway reads the stop file of its own silo; of one that was written here it has to be told.</summary>
    private async Task PassStop()
    {
        if (presence.IsHere || stopFile.Read() is not { } order) return;

        var answer = await Gateway.Kill(order.By, order.Reason);
        if (answer.Text != _passed) LogPassed(order.By, answer.Text); // Once for each answer: it is told every second until it is done.
        _passed = answer.IsDone ? "" : answer.Text;
        if (answer.IsDone) stopFile.Retire();
    }

    /// <summary>Once for each change: it is tried again every second.</summary>
    private void Complain(string why)
    {
        if (why != _complaint) LogCluster(why);
        _complaint = why;
    }

    /// <summary>
    /// By the gateway's silo, and again even when nothing has changed; by any where the registry knows nothing, being a new one. A silo that has not
    /// read the catalogue yet would teach that there is nothing to trade.
    /// </summary>
    private async Task Teach(bool isNew)
    {
        if (!watch.HasListed || !isNew && (!presence.IsHere || !_news.IsCompleted && time.GetUtcNow() < _nextTeach)) return;

        _news = watch.News;
        await Registry.Learn(watch.Summaries(), setup.EnableAll, setup.Seeds);
        _nextTeach = time.GetUtcNow() + TeachPeriod;
    }

    private async Task OpenMarkets(CancellationToken stopping)
    {
        var known = await Registry.Enabled();
        if (known is null)
        {
            await Teach(isNew: true);
            known = await Registry.Enabled();
        }

        if (known is { } all) _enabled = [.. all]; // Else nobody has read the catalogue yet: what was on stays on, and what has something open is opened all the same.

        var silos = neighbours.Active;
        var cared = _enabled.Concat(await Gateway.KeptMarkets()).ToHashSet();
        var wanted = cared.Where(market => IsHome(market, silos)).ToHashSet();
        watch.Follow(wanted);
        _round++;
        foreach (var (market, place) in _places)
        {
            if (!IsHome(market, silos) && !board.Has(market)) place.Opened = null; // Another silo has taken it, and shuts it as well.
            if (place.Opened is null && !cared.Contains(market)) _places.Remove(market);
        }

        foreach (var market in wanted.Concat(_places.Where(place => place.Value.Opened is not null).Select(place => place.Key)).Distinct().ToArray())
        {
            stopping.ThrowIfCancellationRequested();
            try
            {
                var place = _places[market];
                if (wanted.Contains(market)) await Open(market, place);
                else if (!cared.Contains(market)) await Shut(place);
                else if (place.Opened is { IsEnabled: true } && !_enabled.Contains(market)) await SwitchOff(place); // Its new home may not know it yet.
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogMarket(e, market); // One bad market is no reason to leave the others alone.
            }
        }
    }

    private async Task Open(MarketId market, Place place)
    {
        if (watch.Definition(market) is { } definition)
        {
            var isEnabled = _enabled.Contains(market);
            if (place.Opened == (definition, isEnabled) && board.Has(market) && (_round + place.Number) % RoundsOfAll != 0) return;

            await place.Grain.Open(definition, isEnabled);
            place.Opened = (definition, isEnabled);
        }
        else if (watch.IsMissing(market) && _missing.Add(market))
        {
            LogMissing(market); // Something of it is open, and the catalogue no longer says what it is.
        }
    }

    private static async Task Shut(Place place)
    {
        if (await place.Grain.Shut()) place.Opened = null;
    }

    private static async Task SwitchOff(Place place)
    {
        var definition = place.Opened!.Value.Definition;
        await place.Grain.Open(definition, isEnabled: false);
        place.Opened = (definition, false);
    }

    private bool IsHome(MarketId market, IReadOnlyCollection<SiloAddress> silos)
    {
        if (!_places.TryGetValue(market, out var place)) _places.Add(market, place = new Place(grains.GetGrain<IMarketGrain>(market.Text), _places.Count));
        return Homes.Of(place.Grain.GetGrainId(), silos).Equals(neighbours.Self);
    }

    /// <summary>A market's grain, kept because Orleans takes longer to make a reference than to call it, and as what it was last opened.</summary>
    private sealed class Place(IMarketGrain grain, int number)
    {
        public IMarketGrain Grain { get; } = grain;

        /// <summary>Spreads the markets over the rounds.</summary>
        public int Number { get; } = number;

        /// <summary>Null where this silo has not opened it, or has shut it since.</summary>
        public (Market Definition, bool IsEnabled)? Opened { get; set; }
    }

    [LoggerMessage(LogLevel.Information, "Another silo of the cluster goes on: orders and state are left as they are")]
    private partial void LogHandsOver();

    [LoggerMessage(LogLevel.Warning, "A parameter of the gateway's silo does not hold here: {Why}")]
    private partial void LogUnfollowed(string why);

    [LoggerMessage(LogLevel.Warning, "The stop file that {By} wrote was passed on to the gateway: {Answer}")]
    private partial void LogPassed(string by, string answer);

    [LoggerMessage(LogLevel.Error, "Something of {Market} is open, but the catalogue no longer lists it: look at `orders` and at the venue")]
    private partial void LogMissing(MarketId market);

    [LoggerMessage(LogLevel.Error, "{Market} could not be opened or shut")]
    private partial void LogMarket(Exception exception, MarketId market);

    [LoggerMessage(LogLevel.Error, "The stop is incomplete, look at the venue's open orders: {Answer}")]
    private partial void LogStopIncomplete(string answer);

    [LoggerMessage(LogLevel.Warning, "The cluster does not answer yet: {Why}")]
    private partial void LogCluster(string why);

    [LoggerMessage(LogLevel.Error, "A round of the ignition loop failed")]
    private partial void LogRound(Exception exception);

    [LoggerMessage(LogLevel.Information, "Stopped: {Answer}")]
    private partial void LogStopped(string answer);

    [LoggerMessage(LogLevel.Error, "The stop was not answered in time: check the venue's open orders")]
    private partial void LogStopUnsure(Exception exception);
}
