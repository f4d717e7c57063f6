using Gateway.Clients;
using ServiceMesh.Hosting.Documents;

namespace Gateway.Docs;

/// <summary>What the gateway's own API document says of itself.</summary>
internal static class GatewayDocument
{
    public static ApiDocument Document { get; } = new(
        Audience.Gateway.Scope,
        "ServiceMesh: gateway",
        """
        Who may call the mesh. Every call carries an access token (`Authorization: Bearer …`), which a client gets for
        its id and secret by `POST /oauth/token` with `grant_type=client_credentials` (RFC 6749, section 4.4) and, if it
        wants less than it may have, `scope`. Tokens are valid ten minutes.
        """,
        typeof(GatewayDocument).Assembly,
        [(ClientEndpoints.Tag, "Persons and systems that may ask for tokens.")]);
}
