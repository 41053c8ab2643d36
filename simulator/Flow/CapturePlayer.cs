using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.Recordings;

namespace PolyArb.Simulator.Flow;

/// <summary>
/// Makes the house stand at recorded levels with recorded sizes and, when it plays, change them as recorded, at the recorded times. Whoever
/// trades meanwhile meets these orders like any others; without such trades every hash we publish is the recorded one.
/// </summary>
internal sealed class CapturePlayer(Exchange exchange, Recording recording, int speedPercent)
{
    private const int HaltedMs = 100;

    private readonly Dictionary<(string Condition, bool IsBid, int YesPrice), BookOrder> _standing = [];
    private readonly HashSet<string> _opened = new(StringComparer.Ordinal);
    private House _house = null!;
    private int _next;

    /// <summary>Puts the opening books up and, unless it is to be quiet, schedules the rest.</summary>
    public void Start(bool quiet)
    {
        lock (exchange.Gate)
        {
            _house = new House(exchange);
            foreach (var opened in recording.Markets)
            {
                var market = exchange.MarketOf(opened.Condition);
                foreach (var level in opened.Opening.Levels) Stand(market, level);
                if (opened.LastTrade is { } price) market.Print(0, Side.Buy, price);
                market.StampAt(opened.Opening.Timestamp);
            }

            if (!quiet) PlayLater();
        }
    }

    private void PlayLater()
    {
        if (_next == recording.Events.Count) return;

        var before = recording.Events[Math.Max(0, _next - 1)].At;
        exchange.Agenda.In(Math.Max(0, recording.Events[_next].At - before) * 100 / speedPercent, Play);
    }

    private void Play()
    {
        if (exchange.Halted)
        {
            exchange.Agenda.In(HaltedMs, Play);
            return;
        }

        var happened = recording.Events[_next];
        if (exchange.World.Find(happened.Condition) is { } condition && exchange.MarketOf(condition) is { IsClosed: false } market) Apply(market, happened);
        _next++;
        PlayLater();
    }

    private void Apply(Market market, RecordedEvent happened)
    {
        switch (happened)
        {
            case RecordedEvent.Book book when _opened.Add(book.Token) && market.Hash(Token(market, book.Token)) == book.Hash:
                break; // It stands already.
            case RecordedEvent.Book book:
                Settle(market, book, Replaced(market, book), again: true);
                break;
            case RecordedEvent.Changes changes when market.Condition.Tokens.Any(_opened.Contains): // What came before a book is in that book.
                Settle(market, changes, changes.Levels, again: false);
                break;
            case RecordedEvent.TickChange change when change.Tick != market.Tick: // The second token's says nothing new.
                ChangeTick(market, change);
                break;
            case RecordedEvent.Trade trade:
                exchange.Prints.Printed(new TradePrint(
                    market.Condition, Token(market, trade.Token), trade.Side, trade.Price, trade.Shares, trade.Timestamp, trade.Transaction));
                break;
        }
    }

    /// <summary>One settled change with the recorded time; both tokens' entries of a level are one change of the one book.</summary>
    private void Settle(Market market, RecordedEvent happened, IEnumerable<RecordedLevel> levels, bool again)
    {
        var top = market.Top(0);
        Dictionary<(bool, int), LevelChange> changes = [];
        foreach (var level in levels)
        {
            var change = Stand(market, level);
            changes[(change.IsBid, change.Price)] = change;
        }

        market.StampAt(happened.Timestamp);
        FindLastTrade(market, happened);
        exchange.Prints.Changed(market, Token(market, happened.Token), [.. changes.Values], top != market.Top(0), again);
    }

    private void ChangeTick(Market market, RecordedEvent.TickChange change)
    {
        var old = market.Tick;
        market.Tick = change.Tick;
        market.StampAt(change.Timestamp);
        for (var token = 0; token < 2; token++) exchange.Prints.Tell(market, token, ListingText.TickSizeChange(market, token, old));
    }

    /// <summary>A trade's new last price is in the hash before the trade is printed (protocol 4.3): the one that proves the book is it.</summary>
    private void FindLastTrade(Market market, RecordedEvent happened)
    {
        var token = Token(market, happened.Token);
        if (market.Hash(token) == happened.Hash) return;

        var before = (market.LastTrade, market.LastToken, market.LastSide);
        var prices = recording.Events.Skip(_next).Where(e => e.Condition == happened.Condition).Take(8).SelectMany(e => e switch
        {
            RecordedEvent.Changes changes => changes.Levels.Select(l => l.Price),
            RecordedEvent.Trade trade => [trade.Price],
            RecordedEvent.Book { LastTrade: { Length: > 0 } text } => [Fixed.Price(text)],
            _ => [],
        });
        foreach (var price in prices.SelectMany(p => (int[])[p, Units.PriceOne - p]).Distinct())
        {
            market.Print(0, Side.Buy, price);
            market.StampAt(happened.Timestamp);
            if (market.Hash(token) == happened.Hash) return;
        }

        if (before.LastTrade is { } last) market.Print(before.LastToken, before.LastSide, before.LastToken == 0 ? last : Units.PriceOne - last);
        market.StampAt(happened.Timestamp);
    }

    /// <summary>A new book as changes: its levels, and nothing where the house stands and the book does not.</summary>
    private IEnumerable<RecordedLevel> Replaced(Market market, RecordedEvent.Book book)
    {
        var token = Token(market, book.Token);
        var wanted = book.Levels.Select(l => (l.IsBid, l.Price)).ToHashSet();
        var gone = _standing.Where(s => s.Key.Condition == book.Condition && s.Value.Place is not null)
            .Select(s => Level(s.Key.IsBid, s.Key.YesPrice)).Where(l => !wanted.Contains((l.IsBid, l.Price)));
        var moved = book.Levels.Where(l => Standing(market, l) != l.Total);
        return [.. gone, .. moved];

        RecordedLevel Level(bool isBid, int yesPrice) =>
            new(book.Token, token == 0 == isBid, token == 0 ? yesPrice : Units.PriceOne - yesPrice, 0);
    }

    private long Standing(Market market, RecordedLevel level) =>
        _standing.TryGetValue(Key(market, level), out var order) && order.Place is not null ? order.Remaining : 0;

    /// <summary>Makes the house's part of a level the recorded total; what others have there stays.</summary>
    private LevelChange Stand(Market market, RecordedLevel level)
    {
        var key = Key(market, level);
        var change = new LevelChange(key.IsBid, key.YesPrice, market.Book.TotalAt(key.IsBid, key.YesPrice));
        if (_standing.Remove(key, out var old) && old.Place is not null) change = _house.Leave(market, old);
        if (level.Total == 0) return change;

        _house.TakeFromOutsiders(market, key.IsBid, key.YesPrice);
        (_standing[key], change) = _house.Stand(market, key.IsBid, key.YesPrice, level.Total);
        return change;
    }

    private static (string, bool IsBid, int YesPrice) Key(Market market, RecordedLevel level)
    {
        var token = Token(market, level.Token);
        return (market.Condition.Id, token == 0 == level.IsBid, token == 0 ? level.Price : Units.PriceOne - level.Price);
    }

    private static int Token(Market market, string token) => token == market.Condition.Tokens[1] ? 1 : 0;
}
