using System.Text.Json;

namespace PolyArb.Tests.Simulator;

internal static class JsonFields
{
    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
