using PolyArb.Polymarket.Signing;
using Xunit;

namespace PolyArb.Tests.Polymarket;

public class SignersTests
{
    private const string Key = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    [Fact]
    public void Auto_is_native_where_the_library_is_there_and_managed_with_the_reason_where_it_is_not()
    {
        var made = Assert.IsType<SignerChoice.Made>(Signers.Create(Key, SignerBackend.Auto));
        using var held = made.Signer;

        if (Secp256k1.FileName is { } file) Assert.Equal((typeof(NativeSigner), file), (made.Signer.GetType(), made.Backend));
        else
        {
            Assert.IsType<ManagedSigner>(made.Signer);
            Assert.Equal("BouncyCastle: libsecp256k1 is not installed (on Debian: apt-get install libsecp256k1-1)", made.Backend);
        }
    }

    [Fact]
    public void Managed_is_managed_without_a_reason()
    {
        var made = Assert.IsType<SignerChoice.Made>(Signers.Create(Key, SignerBackend.Managed));
        using var held = made.Signer;

        Assert.IsType<ManagedSigner>(made.Signer);
        Assert.Equal("BouncyCastle", made.Backend);
    }

    [Fact]
    public void Every_random_key_is_another()
    {
        var addresses = Enumerable.Range(0, 20).Select(_ =>
        {
            var made = Assert.IsType<SignerChoice.Made>(Signers.CreateRandom(SignerBackend.Auto));
            using var held = made.Signer;
            return made.Signer.Address;
        });

        Assert.Equal(20, addresses.Distinct().Count());
    }

    [Fact]
    public void A_keys_memory_is_zeroed_when_it_is_let_go_and_when_it_is_none()
    {
        var good = Pinned(7);
        var none = Pinned(0xff);
        var key = KeyMemory.Own(good);
        Assert.Equal(good, key.Bytes);

        key.Dispose();

        Assert.Equal(new byte[32], good);
        Assert.Throws<ObjectDisposedException>(() => key.Bytes.Length);
        Assert.Throws<FormatException>(() => KeyMemory.Own(none));
        Assert.Equal(new byte[32], none);
    }

    [Fact]
    public void Each_signer_lets_go_of_the_keys_memory_at_its_time()
    {
        var (managed, native) = (Pinned(7), Pinned(9));
        using (new ManagedSigner(KeyMemory.Own(managed))) Assert.Equal(new byte[32], managed); // BouncyCastle has its own copy.

        Assert.SkipWhen(Secp256k1.FileName is null, "libsecp256k1 is not installed");
        using (new NativeSigner(KeyMemory.Own(native))) Assert.NotEqual(new byte[32], native);
        Assert.Equal(new byte[32], native);
    }

    private static byte[] Pinned(byte value)
    {
        var bytes = GC.AllocateArray<byte>(32, pinned: true);
        bytes.AsSpan().Fill(value);
        return bytes;
    }
}
