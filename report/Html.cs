using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace PolyArb.Report;

/// <summary>
/// Markup. Made from the literal parts of an interpolated string alone; whatever stands in its holes is escaped, unless it is markup
/// already. So nothing that a market is called can become a tag.
/// </summary>
internal readonly struct Html
{
    public static readonly Html None;

    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    public static Html Of(Markup markup) => new(markup.ToString());

    /// <summary>For what we wrote ourselves, in a file of its own.</summary>
    public static Html Trusted(string markup) => new(markup);

    public static Html Each<T>(IEnumerable<T> items, Func<T, Html> show) => new(string.Concat(items.Select(item => show(item).ToString())));

    public override string ToString() => _markup ?? "";

    /// <summary>The parts of an interpolated string. It takes text, numbers and markup; anything else does not compile.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Markup(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _text = new(literalLength + formattedCount * 16);

        public void AppendLiteral(string literal) => _text.Append(literal);

        public void AppendFormatted(string text) => _text.Append(WebUtility.HtmlEncode(text));

        public void AppendFormatted(long number) => _text.Append(number);

        public void AppendFormatted(Html markup) => _text.Append(markup._markup);

        public override string ToString() => _text.ToString();
    }
}
