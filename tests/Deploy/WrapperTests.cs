using Xunit;

namespace PolyArb.Tests.Deploy;

/// <summary>/usr/local/bin/polyarb-client: everybody runs it as one account, and the journal names the person.</summary>
public sealed class WrapperTests : IDisposable
{
    private readonly Rehearsal _server = new();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("root", "0", "alice", "alice runuser -u polyarb -- env -C /etc/polyarb /opt/polyarb/current/client/polyarb-client kill --reason fire drill")]
    [InlineData("root", "0", "", "root runuser -u polyarb -- env -C /etc/polyarb /opt/polyarb/current/client/polyarb-client kill --reason fire drill")]
    [InlineData(
        "bob", "1000", "", "bob sudo -u polyarb -- env -C /etc/polyarb POLYARB_OPERATOR=bob /opt/polyarb/current/client/polyarb-client kill --reason fire drill")]
    public async Task It_says_who_asked_whichever_way_it_became_the_silos_user(string account, string number, string sudoUser, string run)
    {
        var instead = _server.Instead("id", $"#!/bin/sh\n[ \"$1\" = -u ] && echo {number} || echo {account}\n");
        foreach (var program in (string[])["runuser", "sudo"]) _server.Instead(program, $"#!/bin/sh\necho $POLYARB_OPERATOR {program} \"$@\"\n");

        var (exitCode, output) = await Tool.RunWith(
            [instead, ("SUDO_USER", sudoUser)], "sh", "deploy/systemd/polyarb-client", "kill", "--reason", "fire drill");

        Assert.Equal((0, run + "\n"), (exitCode, output));
    }
}
