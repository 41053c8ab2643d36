using PolyArb.Simulator.Crypto;

namespace PolyArb.Simulator.Api;

/// <summary>Builders (protocol 6.2): no builder is registered here, so none charges a fee and none has trades.</summary>
internal static class BuilderEndpoints
{
    public static Answer Fees(string code) => Hex.TryBytes(code, 32, out _)
        ? Answer.Object(json =>
        {
            json.WriteNumber("builder_maker_fee_rate_bps", 0);
            json.WriteNumber("builder_taker_fee_rate_bps", 0);
        })
        : Answer.Error(400, "Invalid payload");

    public static Answer Trades(IQueryCollection query) => query.Text("builder_code") is null
        ? Answer.Error(400, "Invalid trade params payload")
        : Pages.Empty(query.Text("next_cursor"));
}
