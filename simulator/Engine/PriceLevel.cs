namespace PolyArb.Simulator.Engine;

/// <summary>One price of the YES book: orders in order of arrival and their total in micro-shares.</summary>
internal sealed class PriceLevel(int price)
{
    public int Price { get; } = price;
    public LinkedList<BookOrder> Orders { get; } = new();
    public long Total { get; set; }
}
