using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Polymarket.Catalog;
using PolyArb.Polymarket.Json;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.UserFeed;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>
/// Everything that reads the venue's bytes, fed with what it would never send: no exception, no hang, and both readers of the
/// market channel agree. POLYARB_FUZZ_SECONDS makes each run longer, POLYARB_FUZZ_SEED repeats one.
/// </summary>
public class FuzzTests
{
    private static readonly TimeSpan InputMax = TimeSpan.FromSeconds(5); // A loaded machine stalls; a hang does not end.
    private static readonly Account Us = new(Given.Wallet.ToLowerInvariant(), Given.ApiKey);

    private byte[] _input = [];
    private long _startedAt;

    [Fact]
    public async Task Market_frames()
    {
        var readers = new FrameReaders();
        var book = new ConditionBook(Given.Market().Conditions[0], BookFormat.Of(Given.Market().Conditions[0]));
        var readable = 0L;
        var inputs = await Run([.. Corpus.Market, .. Recorded()], input =>
        {
            if (!readers.Agree(input)) return;

            readable++;
            foreach (ref readonly var update in readers.Updates.Updates) book.Apply(update, default);
            if (readable % 100 == 0) book.Lose("a fresh start");
        });
        Assert.InRange(readable, inputs / 10, inputs - 1); // Neither all of it garbage nor all of it sane.
    }

    [Fact]
    public async Task User_frames()
    {
        var fees = new FeeCurve(50_000, 1);
        List<OrderEvent> news = [];
        var readable = 0L;
        var inputs = await Run(Corpus.User, input =>
        {
            news.Clear();
            news.Add(new OrderEvent.Absent(new OrderId("0x1")));
            var names = new UnknownNames();
            if (UserFrame.TryRead(input, Us, _ => fees, news, out var counts, names)) readable++;
            else Assert.Equal((1, default), (news.Count, counts));
            Assert.All(names.Counts.Keys, name => Assert.True(name.All(char.IsAscii)));
        });
        Assert.InRange(readable, inputs / 10, inputs - 1);
    }

    [Fact]
    public async Task Answers_to_orders()
    {
        var id = new OrderId("0x303d47ded19d284879d54d38626abbe2345190da51007bff5ce81a4c39bad2fa");
        ImmutableArray<SignedOrder> orders = [new SignedOrder(id, ScriptedVenue.Intent(), "")];
        HttpStatusCode[] codes = [HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.ServiceUnavailable];
        var number = 0;
        await Run(Corpus.Answers, input =>
            Assert.Equal([id], OrderAnswers.Read(Response(codes[number++ % codes.Length], input), orders).News.Select(answer => answer.Order)));
    }

    [Fact]
    public Task Orders_cancels_balances_terms_and_listings() => Run([.. Corpus.Reads, .. Corpus.Catalog, .. Corpus.User], input =>
    {
        var response = Response(HttpStatusCode.OK, input);
        VenueReader.Read(response, "order", OrderReads.Order);
        VenueReader.Read(response, "cancel", OrderReads.Cancel);
        VenueReader.Read(response, "balance", BalanceAllowance.Read);
        VenueReader.Read(response, "terms", TradingTerms.Read);
        VenueReader.Read(response, "listing", listed => (GammaMarket.Read(listed), GammaMarket.Read(listed, listed)));
        VenueReader.Read(response, "trade", trade => UserTrade.Read(trade, Us)?.Fills(_ => null).ToArray());
    });

    /// <summary>Returns how many inputs there were.</summary>
    private async Task<long> Run(IReadOnlyList<byte[]> corpus, Action<byte[]> read)
    {
        var seed = (int)Setting("POLYARB_FUZZ_SEED", Environment.TickCount);
        var time = TimeSpan.FromSeconds(Setting("POLYARB_FUZZ_SECONDS", 4));
        var mutations = new Mutations(new Random(seed), corpus);
        var count = 0L;
        var slowest = TimeSpan.Zero;
        using var ended = new CancellationTokenSource();
        var running = Task.Run(() =>
        {
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed < time)
            {
                _input = mutations.Next();
                Volatile.Write(ref _startedAt, Stopwatch.GetTimestamp());
                count++;
                try
                {
                    read(_input);
                }
                catch (Exception e) when (e is not Xunit.Sdk.XunitException)
                {
                    Assert.Fail($"seed {seed}, input {count}: {e.Message} on {Encoding.UTF8.GetString(_input)}\n({Convert.ToHexString(_input)})\n{e}");
                }

                var took = Stopwatch.GetElapsedTime(_startedAt);
                if (took > slowest) slowest = took;
            }
        });

        while (await Task.WhenAny(running, Task.Delay(InputMax, ended.Token)) != running)
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref _startedAt)) > InputMax)
                Assert.Fail($"seed {seed}, input {count}: no end of {Encoding.UTF8.GetString(_input)}\n({Convert.ToHexString(_input)})");
        }

        await ended.CancelAsync();
        await running;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {count} inputs in {time.TotalSeconds} s, the slowest {slowest.TotalMilliseconds:F1} ms");
        return count;
    }

    private static VenueResponse Response(HttpStatusCode code, byte[] body)
    {
        using var message = new HttpResponseMessage(code);
        return VenueResponse.Of(message, body);
    }

    /// <summary>Captures, where they are at hand.</summary>
    private static IEnumerable<byte[]> Recorded() =>
        Captures.AreThere ? Captures.Files().SelectMany(File.ReadLines).Select(line => Encoding.UTF8.GetBytes(Captures.FrameOf(line))) : [];

    private static long Setting(string name, long fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
