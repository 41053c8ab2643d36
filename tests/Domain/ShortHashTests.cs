using System.Security.Cryptography;
using System.Text;
using PolyArb.Domain.Replay;
using Xunit;

namespace PolyArb.Tests.Domain;

public class ShortHashTests
{
    /// <summary>The standard's own examples.</summary>
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void It_is_the_published_hash(string text, string hash) => Assert.Equal(hash, Convert.ToHexStringLower(Hash(Encoding.ASCII.GetBytes(text))));

    [Fact]
    public void It_is_the_frameworks_hash_of_every_length_that_fits_a_block()
    {
        var random = new Random(Seed: 1);
        for (var round = 0; round < 50; round++)
        {
            for (var length = 0; length <= ShortHash.LengthMax; length++)
            {
                var text = new byte[length];
                random.NextBytes(text);
                if (round == 1) Array.Fill(text, (byte)0xff);
                Assert.Equal(SHA256.HashData(text), Hash(text));
            }
        }
    }

    [Fact]
    public void The_hash_may_be_written_over_its_text()
    {
        var text = RandomNumberGenerator.GetBytes(40);
        var hash = SHA256.HashData(text);

        ShortHash.Write(text, text);

        Assert.Equal(hash, text[..32]);
    }

    [Fact]
    public void What_fits_no_block_is_a_bug() => Assert.Throws<ArgumentOutOfRangeException>(() => ShortHash.Write(new byte[ShortHash.LengthMax + 1], new byte[32]));

    /// <summary>As recordings of earlier versions have it.</summary>
    [Fact]
    public void A_chain_of_single_values_is_the_chain_it_always_was()
    {
        var (digest, head) = (new DecisionDigest(), new byte[32]);
        foreach (var value in (ulong[])[0, 1, ulong.MaxValue, 0x0123_4567_89ab_cdef])
        {
            digest.Fold(value);
            head = SHA256.HashData([.. head, .. BitConverter.GetBytes(value).Reverse()]);
        }

        Assert.Equal(Convert.ToHexStringLower(head), digest.Head);
        Assert.Equal(digest.Head[..16], digest.Brief);
        Assert.Equal(digest.Brief, DecisionDigest.BriefOf(digest.Link));
    }

    private static byte[] Hash(byte[] text)
    {
        var hash = new byte[32];
        ShortHash.Write(text, hash);
        return hash;
    }
}
