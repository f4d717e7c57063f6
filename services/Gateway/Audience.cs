namespace Gateway;

/// <summary>What a token can open: the scope that a client asks for, and the service that then accepts it.</summary>
internal sealed record Audience(string Scope, string Service)
{
    public static readonly Audience Internal = new("internal", "internal-services");
    public static readonly Audience External = new("external", "external-services");

    /// <summary>The gateway's own operations.</summary>
    public static readonly Audience Gateway = new("gateway", "gateway");

    public static readonly IReadOnlyList<Audience> All = [Internal, External, Gateway];
}
