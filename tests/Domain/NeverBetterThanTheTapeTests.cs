using CsCheck;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Simulation;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>
/// Random days of a venue of which every order is known, told to the simulated venue as the tape tells it: levels and prints, in either
/// order, prints late or lost in a gap. What it fills is held against what the known orders would have left for us.
/// </summary>
public sealed class NeverBetterThanTheTapeTests
{
    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Int[0, 19], Gen.Bool, Gen.Int[0, 9], Gen.Int[1, 40], Gen.Bool,
        (kind, isBid, offset, tens, flag) => new Step(kind, isBid, offset, tens * 10, flag));

    /// <summary>
    /// Risk-averse, an order gets no more than what was traded at its price with those who came after it, beyond its price, or stood where
    /// it would have met it. So no estimate of a queue is better than the queue was.
    /// </summary>
    [Fact]
    public void A_resting_order_gets_no_more_than_was_traded_behind_its_place_in_the_queue() => Play(new QueueModel.RiskAverse(), (day, seed) =>
    {
        foreach (var ours in day.Ours)
        {
            Assert.True(
                ours.Filled <= ours.Behind + ours.Through + ours.Met,
                $"seed {seed}: {ours.Filled} of {ours.Order.Place} filled; {ours.Behind} behind it, {ours.Through} through, {ours.Met} met");
        }
    });

    /// <summary>With cancels counted, no more than was traded at its price or beyond at all; and no cancel and no trade counts twice.</summary>
    [Fact]
    public void An_estimated_queue_is_never_shorter_than_all_that_left_it() => Play(new QueueModel.Probabilistic(2), (day, seed) =>
    {
        foreach (var ours in day.Ours)
        {
            Assert.True(
                ours.Filled <= ours.At + ours.Through + ours.Met,
                $"seed {seed}: {ours.Filled} of {ours.Order.Place} filled; {ours.At} traded at it, {ours.Through} through, {ours.Met} met");
            Assert.True(
                ours.Order.IsClosed || ours.Through > Size.Zero || ours.Order.Ahead >= ours.Joined - ours.Gone,
                $"seed {seed}: {ours.Order.Ahead} before us of {ours.Joined}, though only {ours.Gone} left the level");
        }
    });

    /// <summary>Our orders share what there was: of one print no more than its size, and of a level no more than was ever shown there.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void Nothing_is_filled_twice(int power) => Play(power == 0 ? new QueueModel.RiskAverse() : new QueueModel.Probabilistic(power), (day, seed) =>
    {
        Assert.True(day.WorstPrint <= Size.Zero, $"seed {seed}: {day.WorstPrint} more than a print");
        foreach (var limit in day.Taken.Keys)
        {
            var (taken, shown) = (Within(day.Taken), Within(day.Truth.Joined));
            Assert.True(taken <= shown, $"seed {seed}: {taken} taken up to {limit}, {shown} ever shown");

            Size Within(Dictionary<BookPlace, Size> sizes) => new(sizes
                .Where(place => place.Key.IsBid == limit.IsBid && (limit.IsBid ? place.Key.Price >= limit.Price : place.Key.Price <= limit.Price))
                .Sum(place => place.Value.Micros));
        }
    });

    [Fact]
    public void The_money_is_what_the_trades_say() => Play(new QueueModel.Probabilistic(1), (day, seed) =>
    {
        var spent = day.Tape.Venue.Trades.Sum(trade => day.Tape.Venue.Find(trade.Order)!.Buys
            ? trade.Amount.Micros + trade.Fee.Micros
            : trade.Fee.Micros - trade.Amount.Micros);
        Assert.True(day.Cash - new Usd(spent) == day.Tape.Venue.Account.Cash, $"seed {seed}: money appeared or vanished");
        Assert.True(day.Tape.Venue.Account.Cash >= Usd.Zero, $"seed {seed}: spent what was not there");
        Assert.All(day.Tape.Venue.Account.Held, held => Assert.True(held.Shares > Size.Zero, $"seed {seed}: sold what was not there"));
    });

    [Fact]
    public void The_same_day_is_filled_the_same_way() => Gen.Select(Steps.List[20, 120], Gen.ULong).Sample(
        (steps, seed) =>
        {
            var (one, two) = (new Day(new QueueModel.Probabilistic(2), seed), new Day(new QueueModel.Probabilistic(2), seed));
            foreach (var step in steps)
            {
                one.Do(step);
                two.Do(step);
            }

            return one.Tape.Venue.Told.SequenceEqual(two.Tape.Venue.Told);
        },
        iter: 50,
        threads: 1);

    private static void Play(QueueModel model, Action<Day, ulong> assert) => Gen.Select(Steps.List[20, 150], Gen.ULong).Sample(
        (steps, seed) =>
        {
            var day = new Day(model, seed);
            foreach (var step in steps)
            {
                day.Do(step);
                assert(day, seed);
            }
        },
        iter: 300,
        threads: 1);

    private sealed record Step(int Kind, bool IsBid, int Offset, long Shares, bool Flag)
    {
        public Size Size => Size.Shares(Shares);

        /// <summary>Bids at 45 to 54, asks at 46 to 55: they meet often enough.</summary>
        public BookPlace Place => new(IsBid, Price.Cents(IsBid ? 54 - Offset : 46 + Offset));
    }

    /// <summary>An order of ours that rests, and what the known orders left for it since it joined.</summary>
    private sealed class Resting(SimulatedOrder order, HashSet<int> before, Size joined)
    {
        private readonly Size _matchedOnArrival = order.Matched;

        public SimulatedOrder Order => order;

        /// <summary>Filled since it rests.</summary>
        public Size Filled => order.Matched - _matchedOnArrival;

        public HashSet<int> Before => before;

        /// <summary>Shown at its price when it joined.</summary>
        public Size Joined => joined;

        /// <summary>Traded at its price with orders that came after it, and with any.</summary>
        public Size Behind { get; set; }

        public Size At { get; set; }

        /// <summary>Traded at worse prices.</summary>
        public Size Through { get; set; }

        /// <summary>Newly shown on the other side where it would have met it.</summary>
        public Size Met { get; set; }

        /// <summary>Left the level in any way.</summary>
        public Size Gone { get; set; }
    }

    private sealed class Day
    {
        private readonly Queue<(Side Taker, BookPlace Place, Size Size, long Ms)> _prints = new(); // Late, at most half of what is waited for.
        private bool _isBlind;

        public Day(QueueModel model, ulong seed)
        {
            Tape = new Tape(Tape.Rules with { Queue = model }, seed, Cash);
            foreach (var cents in (int[])[45, 46, 47, 48]) Truth.Join(new BookPlace(IsBid: true, Price.Cents(cents)), Size.Shares(100));
            foreach (var cents in (int[])[52, 53, 54, 55]) Truth.Join(new BookPlace(IsBid: false, Price.Cents(cents)), Size.Shares(100));
            Snapshot();
            Tape.Venue.Account.Restore(Cash, [(Tape.Condition.Yes, Size.Shares(2_000)), (Tape.Condition.No, Size.Shares(2_000))]);
        }

        public Usd Cash { get; } = Usd.Dollars(3_000);

        public Tape Tape { get; }

        public TrueBook Truth { get; } = new();

        public List<Resting> Ours { get; } = [];

        /// <summary>What our fills took, by the worst price they could have taken it at.</summary>
        public Dictionary<BookPlace, Size> Taken { get; } = [];

        /// <summary>By how much any print was outdone.</summary>
        public Size WorstPrint { get; private set; } = new(long.MinValue);

        public void Do(Step step)
        {
            switch (step.Kind)
            {
                case <= 5:
                    Enter(step.Place, step.Size);
                    break;
                case <= 8 when Truth.Shown(step.Place) > Size.Zero:
                    Left(step.Place, step.Size, () => Truth.Leave(step.Place, (int)step.Shares, step.Size));
                    break;
                case <= 11 when Truth.Best(step.IsBid) is { } best:
                    Match(best, Size.Min(step.Size, Truth.Shown(best)), isLate: step.Flag);
                    break;
                case <= 14:
                    Arrive(step, step.Flag ? OrderType.Fak : OrderType.Gtc);
                    break;
                case 15 when Ours.Count > 0:
                    Tape.Venue.Cancel(Ours[step.Offset % Ours.Count].Order.Id, Tape.Now);
                    break;
                case 16:
                    PrintUntil(Tape.Ms + step.Shares - 500);
                    Tape.Advance(TimeSpan.FromMilliseconds(step.Shares));
                    break;
                case 17 when step.Offset < 3:
                    Tape.Lose();
                    _isBlind = true;
                    break;
                case 18:
                    Snapshot();
                    break;
                default:
                    PrintUntil(long.MaxValue);
                    break;
            }
        }

        /// <summary>An order of others: what crosses is matched, the rest joins.</summary>
        private void Enter(BookPlace place, Size size)
        {
            while (size > Size.Zero && Truth.Best(!place.IsBid) is { } best && (place.IsBid ? best.Price <= place.Price : best.Price >= place.Price))
            {
                var matched = Size.Min(size, Truth.Shown(best));
                Match(best, matched, isLate: false);
                size -= matched;
            }

            Truth.Join(place, size);
            foreach (var ours in Open().Where(ours => ours.Order.IsBid != place.IsBid && Meets(ours.Order, place))) ours.Met += size;
            Say(place);
        }

        private void Match(BookPlace place, Size size, bool isLate)
        {
            var (taker, ms) = (place.IsBid ? Side.Sell : Side.Buy, Tape.Ms + 1);
            var isPrintFirst = !isLate && size.Micros / 10_000_000 % 2 == 0;
            List<(int Number, Size Size)> makers = [];
            Left(place, size, () => makers = Truth.Match(place, size), say: !isPrintFirst);
            foreach (var ours in Open().Where(ours => ours.Order.IsBid == place.IsBid))
            {
                if (ours.Order.Place == place)
                {
                    ours.At += size;
                    ours.Behind += new Size(makers.Where(maker => !ours.Before.Contains(maker.Number)).Sum(maker => maker.Size.Micros));
                }
                else if (place.IsBid ? place.Price < ours.Order.Price : place.Price > ours.Order.Price)
                {
                    ours.Through += size;
                }
            }

            _prints.Enqueue((taker, place, size, ms)); // In the venue's order, however late.
            if (!isLate) PrintUntil(ms);
            if (isPrintFirst) Say(place);
        }

        private void Left(BookPlace place, Size size, Action leave, bool say = true)
        {
            var before = Truth.Shown(place);
            leave();
            foreach (var ours in Open().Where(ours => ours.Order.Place == place)) ours.Gone += before - Truth.Shown(place);
            if (say && size > Size.Zero) Say(place);
        }

        private void Arrive(Step step, OrderType type)
        {
            var outcome = step.Shares % 20 == 0 ? Outcome.Yes : Outcome.No;
            var side = step.IsBid == outcome is Outcome.Yes ? Side.Buy : Side.Sell;
            var limit = outcome is Outcome.Yes ? step.Place.Price : step.Place.Price.Complement;
            var before = Tape.Venue.Trades.Count;
            var answer = Tape.Arrive(Tape.Order(type, side, limit, step.Size, outcome));
            if (Tape.Venue.Trades.Count > before) Took(new BookPlace(!step.IsBid, step.Place.Price), Tape.Venue.Trades[^1].Shares);
            if (Tape.Venue.Find(answer.Order) is { IsClosed: false } order) Ours.Add(new Resting(order, Truth.Orders(order.Place), Truth.Shown(order.Place)));
        }

        private void Say(BookPlace place)
        {
            if (_isBlind) return;

            var before = Tape.Venue.Trades.Count;
            Tape.Show(place.IsBid ? Side.Buy : Side.Sell, place.Price, Truth.Shown(place));
            MetOurs(before);
        }

        private void Snapshot()
        {
            var before = Tape.Venue.Trades.Count;
            Tape.Snapshot(Levels(isBid: true), Levels(isBid: false));
            _isBlind = false;
            MetOurs(before);
        }

        private (int Cents, long Shares)[] Levels(bool isBid) =>
            [.. Truth.Places.Where(place => place.IsBid == isBid).Select(place => (place.Price.Ticks / 100, Truth.Shown(place).Micros / 1_000_000))];

        private void PrintUntil(long ms)
        {
            while (_prints.TryPeek(out var print) && print.Ms <= ms)
            {
                _prints.Dequeue();
                Print(print.Taker, print.Place, print.Size, print.Ms);
            }
        }

        private void Print(Side taker, BookPlace place, Size size, long ms)
        {
            if (_isBlind) return;

            var before = Tape.Venue.Trades.Count;
            Tape.Trade(taker, place.Price, size, ms);
            var filled = new Size(Tape.Venue.Trades.Skip(before).Sum(fill => fill.Shares.Micros));
            WorstPrint = Size.Max(WorstPrint, filled - size);
        }

        /// <summary>Others' new orders filled ours.</summary>
        private void MetOurs(int before)
        {
            foreach (var fill in Tape.Venue.Trades.Skip(before))
            {
                var order = Tape.Venue.Find(fill.Order)!;
                Took(new BookPlace(!order.IsBid, order.Price), fill.Shares);
            }
        }

        private void Took(BookPlace place, Size size) => Taken[place] = Taken.GetValueOrDefault(place) + size;

        private IEnumerable<Resting> Open() => Ours.Where(ours => !ours.Order.IsClosed);

        private static bool Meets(SimulatedOrder order, BookPlace place) => order.IsBid ? place.Price <= order.Price : place.Price >= order.Price;
    }
}
