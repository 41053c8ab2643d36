using BenchmarkDotNet.Attributes;
using PolyArb.Polymarket.Signing;

namespace PolyArb.Bench;

/// <summary>The hash under every order id; 386 bytes are the twelve words of an order and their prefix.</summary>
public class KeccakBenchmarks
{
    private readonly byte[] _digest = new byte[Keccak256.Length];
    private byte[] _data = [];

    [Params(32, 386)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _data = new byte[Bytes];
        new Random(1).NextBytes(_data);
    }

    [Benchmark(Description = "keccak-256 of so many bytes")]
    public byte[] Hash()
    {
        Keccak256.Hash(_data, _digest);
        return _digest;
    }
}
