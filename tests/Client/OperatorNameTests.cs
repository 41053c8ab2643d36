using PolyArb.Client;
using Xunit;

namespace PolyArb.Tests.Client;

public sealed class OperatorNameTests
{
    [Fact]
    public void Who_asked_the_account_is_named_and_without_him_the_account()
    {
        Assert.Equal($"alice@{Environment.MachineName}", OperatorName.Of(new Dictionary<string, string> { ["POLYARB_OPERATOR"] = "alice" }));
        Assert.Equal($"{Environment.UserName}@{Environment.MachineName}", OperatorName.Of(new Dictionary<string, string> { ["POLYARB_OPERATOR"] = "" }));
        Assert.Equal($"{Environment.UserName}@{Environment.MachineName}", OperatorName.Of(new Dictionary<string, string>()));
    }
}
