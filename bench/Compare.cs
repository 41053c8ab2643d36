using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PolyArb.Bench.Venue;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Polymarket.MarketFeed;

namespace PolyArb.Bench;

/// <summary>
/// The same frames through our reader and book, through a plain book of System.Text.Json, and through Node with the official TypeScript
/// client, one after the other in the same minute. The client itself keeps no books: what it has is the hash of one.
/// </summary>
internal static class Compare
{
    public static readonly string[] Columns = ["median", "min", "max", "bytes", "runs", "of ours"];

    public static async Task<BenchTable> Measure(BenchTable table, string? client, bool isShort)
    {
        var (questions, rounds) = isShort ? (20, 2) : (500, 9);
        var books = MarketSet.Of(questions, pairs: 0, tens: 0).Books;
        ImmutableArray<byte[]> frames = [.. Enumerable.Range(0, books[0].Changes.Length).SelectMany(round => books.Select(book => Text(book.Changes[round])))];
        var repeats = isShort ? 2 : 50;

        var ours = Rounds(rounds, frames.Length * repeats, new OurBooks(books, ProofCheck.BeforeTrade), (desk, _) => Repeat(repeats, frames, desk.Apply));
        table.Add("read and apply a price_change: ours", "us", ours.Row(null));
        table.Add("the same, every change proven by both hashes", "us", Rounds(rounds, frames.Length * repeats, new OurBooks(books, ProofCheck.Always), (desk, _) => Repeat(repeats, frames, desk.Apply)).Row(ours));
        table.Add("System.Text.Json and dictionaries of decimals", "us", Rounds(rounds, frames.Length * repeats, new PlainBooks(), (plain, _) => Repeat(repeats, frames, frame => plain.Apply(frame))).Row(ours));
        var hashes = Rounds(rounds, books.Length * repeats, new OurHashes(books), (own, _) => own.All(repeats));

        if (await Node(books, frames, repeats, rounds, client) is { } node)
        {
            table.Add($"Node {node.GetProperty("node").GetString()}: JSON.parse alone", "us", Of(node, "parse").Row(ours));
            table.Add($"Node {node.GetProperty("node").GetString()}: JSON.parse and a Map a side", "us", Of(node, "apply").Row(ours));
            table.Add("hash of a book of 40 levels: ours", "us", hashes.Row(null));
            if (node.TryGetProperty("hash", out _))
            {
                table.Add("hash of a book of 40 levels: @polymarket/clob-client-v2", "us", Of(node, "hash").Row(hashes));
                table.Note($"{books.Length * 2} books were hashed by both; {node.GetProperty("wrong").GetInt32()} hashes differ.");
            }
            else
            {
                table.Note("The official client is not installed (npm ci in tests/conformance): its hash is left out.");
            }
        }
        else
        {
            table.Add("hash of a book of 40 levels: ours", "us", hashes.Row(null));
            table.Note("Node is not there: the official client is left out.");
        }

        table.Note($"{frames.Length * repeats} price_change frames of two entries, {questions} questions with 40 levels, one thread; \"of ours\" is times our median.");
        return table;
    }

    /// <summary>Microseconds of one call, each round.</summary>
    private sealed record Timing(double[] Sorted, double? Bytes)
    {
        public double Median => Sorted[Sorted.Length / 2];

        public double?[] Row(Timing? ours) => [Median, Sorted[0], Sorted[^1], Bytes, Sorted.Length, ours is null ? 1 : Median / ours.Median];
    }

    private static Timing Rounds<T>(int rounds, int calls, T state, Action<T, int> round)
    {
        round(state, 0); // Warm.
        round(state, 0);
        var (micros, allocated) = (new double[rounds], GC.GetAllocatedBytesForCurrentThread());
        for (var i = 0; i < rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            round(state, i);
            micros[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / calls;
        }

        Array.Sort(micros);
        return new Timing(micros, Math.Round((GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)rounds / calls, 1));
    }

    private static Timing Of(JsonElement node, string name) => new([.. node.GetProperty(name).EnumerateArray().Select(value => value.GetDouble()).Order()], null);

    private static void Repeat(int times, ImmutableArray<byte[]> frames, Action<byte[]> apply)
    {
        for (var i = 0; i < times; i++)
        {
            foreach (var frame in frames) apply(frame);
        }
    }

    /// <summary>Null without Node.</summary>
    private static async Task<JsonElement?> Node(ImmutableArray<PreparedBook> books, ImmutableArray<byte[]> frames, int repeats, int rounds, string? client)
    {
        var directory = Directory.CreateTempSubdirectory("polyarb-bench-").FullName;
        try
        {
            var (frameFile, bookFile) = (Path.Combine(directory, "frames.jsonl"), Path.Combine(directory, "books.jsonl"));
            await using (var file = File.Create(frameFile))
            {
                for (var i = 0; i < repeats; i++)
                {
                    foreach (var frame in frames)
                    {
                        await file.WriteAsync(frame);
                        file.WriteByte((byte)'\n');
                    }
                }
            }

            await File.WriteAllLinesAsync(bookFile, books.SelectMany(book => new[] { book.YesBook, book.NoBook }).Select(text => text.Replace(",\"event_type\":\"book\"", "", StringComparison.Ordinal)));
            string[] arguments = [Path.Combine(AppContext.BaseDirectory, "compare.mjs"), frameFile, bookFile, rounds.ToString(CultureInfo.InvariantCulture), client ?? ClientFolder() ?? "-"];
            await using var node = ProgramRun.Start("node", arguments, directory, []);
            using var said = JsonDocument.Parse(await node.Output());
            return said.RootElement.Clone();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // No such program.
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Where the conformance tests have it, when they were run once.</summary>
    private static string? ClientFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var tests = Path.Combine(folder.FullName, "tests", "conformance");
            if (Directory.Exists(Path.Combine(tests, "node_modules", "@polymarket"))) return tests;
        }

        return null;
    }

    /// <summary>A websocket frame's text: what stands after its head.</summary>
    private static byte[] Text(byte[] frame) => frame[(frame[1] switch { 126 => 4, 127 => 10, _ => 2 })..];

    /// <summary>Reader and books as a desk has them.</summary>
    private sealed class OurBooks
    {
        private readonly UpdateBuffer _updates = new();
        private readonly Dictionary<ConditionId, ConditionBook> _books;

        public OurBooks(ImmutableArray<PreparedBook> prepared, ProofCheck proofs)
        {
            _books = prepared.ToDictionary(book => book.Condition.Id, book => new ConditionBook(book.Condition, BookFormat.Of(book.Condition), proofs));
            foreach (var book in prepared) Apply(System.Text.Encoding.UTF8.GetBytes(book.YesBook));
        }

        public void Apply(byte[] frame)
        {
            _updates.Clear();
            if (!MarketFrame.TryRead(frame, _updates)) throw new InvalidOperationException("a frame cannot be read");

            foreach (ref readonly var update in _updates.Updates)
            {
                var book = _books[update.Condition];
                book.Apply(update, default);
                if (book.Proof is ProofState.Failed) throw new InvalidOperationException($"{update.Condition}: a hash is wrong");
            }
        }
    }

    private sealed class OurHashes
    {
        private readonly BookText _text = new();
        private readonly (Condition Condition, Book Book)[] _books;

        public OurHashes(ImmutableArray<PreparedBook> prepared) => _books = [.. prepared.Select(one =>
        {
            var (updates, book) = (new UpdateBuffer(), new Book());
            if (!MarketFrame.TryRead(System.Text.Encoding.UTF8.GetBytes(one.YesBook), updates)) throw new InvalidOperationException("a book cannot be read");

            book.Fill(Outcome.Yes, updates[0].Bids.Span, updates[0].Asks.Span);
            return (one.Condition, book);
        })];

        public void All(int times)
        {
            for (var i = 0; i < times; i++)
            {
                foreach (var (condition, book) in _books) _text.Hash(condition.Id, condition.Yes, 1_782_753_357_000, book.Yes, BookFormat.Of(condition), "0.500");
            }
        }
    }
}
