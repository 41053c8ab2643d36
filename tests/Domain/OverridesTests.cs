using PolyArb.Domain.Journal;
using Xunit;

namespace PolyArb.Tests.Domain;

public class OverridesTests
{
    private readonly Overrides _overrides = new();

    [Fact]
    public void What_was_set_stands_with_who_and_when_until_it_is_the_configurations_again()
    {
        Apply("me", new ParameterChange("a", "1", "2", "1"), new ParameterChange("b", "x", "y", "x"));
        Apply("you", new ParameterChange("a", "2", "3", "1"));

        Assert.Equal(
            [new ParameterOverride("a", "3", "1", "you", Given.Noon), new ParameterOverride("b", "y", "x", "me", Given.Noon)], _overrides.All);

        Apply("you", new ParameterChange("a", "3", "1", "1"));
        Assert.Equal("b", Assert.Single(_overrides.All).Key);
    }

    [Fact]
    public void A_configuration_that_came_round_to_it_makes_it_its_own()
    {
        Apply("me", new ParameterChange("a", "1", "2", "1"));

        Apply("me", new ParameterChange("a", "2", "2", "2"));

        Assert.Empty(_overrides.All);
    }

    [Fact]
    public void What_was_never_set_by_hand_is_no_override()
    {
        Apply("me", new ParameterChange("a", "1", "2", "2"));

        Assert.Empty(_overrides.All);
    }

    private void Apply(string by, params ParameterChange[] changes) => _overrides.Apply(new Fact.ParametersChanged(Given.Noon, by, "set", [.. changes]));
}
