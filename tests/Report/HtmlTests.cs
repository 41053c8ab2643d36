using PolyArb.Report;
using Xunit;

namespace PolyArb.Tests.Report;

public class HtmlTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("\" onload='x'", "&quot; onload=&#39;x&#39;")]
    [InlineData("Will A & B win?", "Will A &amp; B win?")]
    public void What_stands_in_a_hole_is_escaped(string text, string escaped) =>
        Assert.Equal($"<b title=\"{escaped}\">{escaped}</b>", Html.Of($"<b title=\"{text}\">{text}</b>").ToString());

    [Fact]
    public void Markup_in_a_hole_stays_markup_and_its_text_escaped_once()
    {
        var inner = Html.Of($"<i>{"<&>"}</i>");

        Assert.Equal("<p><i>&lt;&amp;&gt;</i><i>&lt;&amp;&gt;</i></p>", Html.Of($"<p>{Html.Each([1, 2], _ => inner)}</p>").ToString());
    }
}
