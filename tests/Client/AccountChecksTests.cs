using PolyArb.Client.Doctor;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Signing;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>The doctor's judgements that need no venue.</summary>
public sealed class AccountChecksTests
{
    private const string Owner = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    private const string Wallet = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

    [Theory]
    [InlineData(0, null, null)]
    [InlineData(0, Owner, null)]
    [InlineData(0, "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", null)]
    [InlineData(0, Wallet, "FUNDER is 0x7099")]
    [InlineData(1, Wallet, null)]
    [InlineData(2, Wallet, null)]
    [InlineData(3, Wallet, null)]
    [InlineData(1, Owner, "signature type 1 is a proxy wallet, but FUNDER is the key's own address")]
    [InlineData(2, Owner, "signature type 2 is a Safe")]
    [InlineData(3, "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", "signature type 3 is a deposit wallet")]
    [InlineData(1, null, "but FUNDER is empty")]
    [InlineData(1, "0x70997970C51812dc3A010C7d01b50e0d17dc79c8", "does not fit its own checksum")]
    [InlineData(1, "0x70997970c51812dc3a010c7d01b50e0d17dc79c8", null)]
    public void Signature_type_funder_and_key_must_fit(int type, string? funder, string? complaint)
    {
        var check = AccountChecks.WrongWallet(type, funder, EthAddress.Parse(Owner));

        if (complaint is null)
        {
            Assert.Null(check);
            return;
        }

        Assert.Equal(CheckStatus.Fail, check!.Status);
        Assert.Contains(complaint, check.Detail, StringComparison.Ordinal);
        Assert.NotEqual("", check.Remedy);
    }

    [Fact]
    public void A_region_is_served_or_not_or_nobody_says()
    {
        var served = HostChecks.Region(new VenueAnswer<Geoblock>.Ok(new Geoblock(false, "IE", "L", "192.0.2.1")));
        var blocked = HostChecks.Region(new VenueAnswer<Geoblock>.Ok(new Geoblock(true, "US", "NY", "192.0.2.1")));
        var silent = HostChecks.Region(new VenueAnswer<Geoblock>.Unavailable(new VenueFailure.Unanswered("geoblock: timed out")));

        Assert.Equal((CheckStatus.Pass, "IE L is served"), (served.Status, served.Detail));
        Assert.Equal((CheckStatus.Fail, "the venue does not serve US NY"), (blocked.Status, blocked.Detail));
        Assert.Equal(CheckStatus.Warn, silent.Status);
        Assert.Contains("timed out", silent.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "Pass")]
    [InlineData(2.0, "Pass")]
    [InlineData(-2.0, "Pass")]
    [InlineData(2.1, "Warn")]
    [InlineData(-2.1, "Warn")]
    [InlineData(30, "Warn")]
    [InlineData(30.1, "Fail")]
    [InlineData(-30.1, "Fail")]
    public void A_clock_is_tolerated_to_2_s_and_warned_about_to_30(double seconds, string status) =>
        Assert.Equal(status, HostChecks.Skew(TimeSpan.FromSeconds(seconds)).Status.ToString());
}
