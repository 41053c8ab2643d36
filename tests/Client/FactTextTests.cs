using PolyArb.Client.Commands;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Client;

public class FactTextTests
{
    [Fact]
    public void Every_kind_of_fact_says_something() =>
        Assert.DoesNotContain(DomainJsonTests.Facts, fact => FactText.Of(fact).Length == 0);

    [Fact]
    public void A_kind_that_is_not_known_here_is_shown_as_it_is_written() =>
        Assert.Equal("""{"case":"MoonPhaseChanged","at":1}""", FactText.Of(new FactLine(1, Given.Noon, "MoonPhaseChanged", null, null, """{"case":"MoonPhaseChanged","at":1}""")));

    [Fact]
    public void A_changed_parameter_is_told_with_old_and_new_value_and_by_whom() =>
        Assert.Equal("risk.drawdown_limit 150 -> 50, by who (set)", FactText.Of(DomainJsonTests.Facts.OfType<Fact.ParametersChanged>().Single()));
}
