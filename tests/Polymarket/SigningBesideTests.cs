using Microsoft.Extensions.DependencyInjection;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>Orders have their ids at once; what signs them takes its time, all of them beside each other.</summary>
public sealed class SigningBesideTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task What_is_signed_has_the_ids_it_was_identified_by_and_stands_in_the_same_order(int signatureType)
    {
        await using var services = Services(Given.Signer, signatureType);
        var venue = services.GetRequiredService<IVenue>();

        var placed = venue.Identify([.. Enumerable.Range(1, 10).Select(salt => ScriptedVenue.Intent(salt: salt))]);
        var signed = await venue.Sign(placed);

        Assert.Equal(10, placed.Select(order => order.Id).Distinct().Count());
        Assert.Equal(placed, signed.Select(order => new OrderPlaced(order.Id, order.Intent)));
        Assert.Equal(signed.Select(order => order.Wire), venue.Sign([.. placed.Select(order => order.Intent)]).Select(order => order.Wire));
    }

    [Fact]
    public async Task Ids_ask_no_signer_and_whoever_has_orders_signed_goes_on_meanwhile()
    {
        var signer = new HeldSigner(Given.Signer);
        await using var services = Services(signer);
        var venue = services.GetRequiredService<IVenue>();

        var placed = venue.Identify([ScriptedVenue.Intent()]);
        Assert.Equal(0, signer.Calls);
        var signing = venue.Sign(placed);

        Assert.False(signing.IsCompleted);
        signer.LetGo();
        Assert.Equal(placed[0].Id, Assert.Single(await signing).Id);
    }

    [Fact]
    public async Task Two_legs_are_signed_beside_each_other()
    {
        using var together = new Barrier(2);
        OrderPlaced[] orders = [new(new OrderId("1"), ScriptedVenue.Intent(salt: 1)), new(new OrderId("2"), ScriptedVenue.Intent(salt: 2))];

        var signed = await OrdersBeside.Sign([.. orders], most: 2, intent => together.SignalAndWait(TimeSpan.FromSeconds(30), Stop)
            ? new SignedOrder(new OrderId($"{intent.Salt}"), intent, "")
            : throw new TimeoutException("the other one waits for this one"));

        Assert.Equal(["1", "2"], signed.Select(order => order.Id.Text));
    }

    [Fact]
    public async Task A_signer_that_fails_is_heard_of_by_who_waits_for_the_signatures_alone()
    {
        var signer = Signers.CreateRandom(SignerBackend.Managed) is SignerChoice.Made(var made, _) ? made : throw new InvalidOperationException();
        await using var services = Services(signer);
        var venue = services.GetRequiredService<IVenue>();
        var placed = venue.Identify([ScriptedVenue.Intent()]);
        signer.Dispose();

        var signing = venue.Sign(placed);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => signing);
    }

    private static ServiceProvider Services(IDigestSigner signer, int signatureType = 0) => VenueOverHttp.Services(
        ScriptedVenue.Options with { Signer = signer, SignatureType = signatureType, Funder = signatureType == 0 ? null : ScriptedVenue.Options.Funder ?? "0x9fE6e61422AdB6F610d8597F9684b16912D50C3D" },
        TimeProvider.System);

    /// <summary>Signs nothing before it is let go.</summary>
    private sealed class HeldSigner(IDigestSigner signer) : IDigestSigner
    {
        private readonly ManualResetEventSlim _mayGo = new();
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public EthAddress Address => signer.Address;

        public void LetGo() => _mayGo.Set();

        public void Sign(ReadOnlySpan<byte> digest32, Span<byte> signature65)
        {
            Interlocked.Increment(ref _calls);
            _mayGo.Wait(TimeSpan.FromSeconds(30));
            signer.Sign(digest32, signature65);
        }

        public void Dispose() => _mayGo.Dispose();
    }
}
