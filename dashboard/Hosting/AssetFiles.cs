using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace PolyArb.Dashboard;

/// <summary>The files that pages load, out of this assembly. Their addresses change with their content, so that a browser may keep them.</summary>
internal static class AssetFiles
{
    private static readonly Dictionary<string, (byte[] Bytes, string Type, string Tag)> Files = new[]
    {
        Load("mudblazor.css", "text/css; charset=utf-8"), Load("mudblazor.js", "text/javascript; charset=utf-8"),
        Load("blazor.web.js", "text/javascript; charset=utf-8"), Load("site.css", "text/css; charset=utf-8"), Load("favicon.svg", "image/svg+xml"),
    }.ToDictionary(file => file.Name, file => file.File);

    /// <summary>Relative to the base of the page.</summary>
    public static string Address(string name) => $"{Folder(name)}/{name}?v={Files[name].Tag}";

    public static void MapAssets(this WebApplication app)
    {
        foreach (var (name, (bytes, type, _)) in Files)
        {
            app.MapGet($"/{Folder(name)}/{name}", (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                return Results.Bytes(bytes, type);
            });
        }
    }

    /// <summary>The framework's own file must stand where the framework expects it.</summary>
    private static string Folder(string name) => name == "blazor.web.js" ? "_framework" : "assets";

    private static (string Name, (byte[] Bytes, string Type, string Tag) File) Load(string name, string type)
    {
        using var stream = typeof(AssetFiles).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the assembly");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return (name, (bytes, type, Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]));
    }
}
