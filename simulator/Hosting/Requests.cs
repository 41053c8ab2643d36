namespace PolyArb.Simulator.Hosting;

/// <summary>The exact bytes of a request: the HMAC is over them, never over a re-serialised body.</summary>
internal static class Requests
{
    public static async Task<byte[]> BodyAsync(HttpContext http)
    {
        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
        return bytes.ToArray();
    }
}
