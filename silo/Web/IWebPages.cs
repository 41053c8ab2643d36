namespace PolyArb.Silo.Web;

/// <summary>Pages of the silo. Adding some: implement this, and add a line where the host adds the others.</summary>
internal interface IWebPages
{
    /// <summary>What the pages need, in the web server's own container.</summary>
    /// <param name="silo">Everything the silo runs on: grain factory, options, recorder, clock.</param>
    void Add(IServiceCollection services, IServiceProvider silo);

    void Map(WebApplication app);
}
