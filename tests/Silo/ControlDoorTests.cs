using PolyArb.Silo.Hosting;
using Xunit;

namespace PolyArb.Tests.Silo;

public class ControlDoorTests
{
    private const string Token = "sesame-sesame-sesame";

    /// <summary>Every kind of silo against every kind of caller.</summary>
    [Theory]
    //            token  loopback carried  steers  comes in
    [InlineData(null, true, null, true, true)]
    [InlineData(null, true, null, false, true)]
    [InlineData(null, false, null, true, false)]
    [InlineData(null, false, Token, false, false)]
    [InlineData(Token, true, null, true, false)]
    [InlineData(Token, true, null, false, true)]
    [InlineData(Token, true, "sesame", true, false)]
    [InlineData(Token, true, Token, true, true)]
    [InlineData(Token, false, null, false, false)]
    [InlineData(Token, false, "sesame-sesame-sesamE", false, false)]
    [InlineData(Token, false, Token, false, true)]
    [InlineData(Token, false, Token, true, true)]
    public void Lets_in_whom_the_table_says(string? token, bool isLoopback, string? carried, bool steers, bool comesIn)
    {
        var refusal = new ControlDoor(token, isLoopback).Refuses(carried, steers);

        Assert.Equal(comesIn, refusal is null);
        if (refusal is not null) Assert.DoesNotContain("sesame", refusal, StringComparison.Ordinal);
    }
}
