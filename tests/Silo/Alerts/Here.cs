using PolyArb.Grains;

namespace PolyArb.Tests.Silo.Alerts;

/// <summary>The gateway lives on this silo.</summary>
internal static class Here
{
    public static GatewayPresence Now
    {
        get
        {
            var presence = new GatewayPresence();
            presence.Come(fence: 1);
            return presence;
        }
    }
}
