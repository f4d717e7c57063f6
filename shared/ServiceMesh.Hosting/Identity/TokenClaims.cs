namespace ServiceMesh.Hosting.Identity;

/// <summary>The names of the claims that a token carries: written by the gateway, read by every service.</summary>
public static class TokenClaims
{
    public const string Subject = "sub";
    public const string Roles = "roles";
    public const string Scope = "scope";
    public const string Kind = "caller";
    public const string Department = "department";
    public const string Customer = "customer";

    /// <summary>The kind as it is spelled in the claim <see cref="Kind"/>.</summary>
    public static string Spell(CallerKind kind) => kind switch
    {
        CallerKind.Provider => "provider",
        CallerKind.Department => Department,
        CallerKind.Customer => Customer,
    };

    /// <summary>The kind that is spelled so, or nothing.</summary>
    public static CallerKind? ReadKind(string? spelled) => spelled switch
    {
        "provider" => CallerKind.Provider,
        Department => CallerKind.Department,
        Customer => CallerKind.Customer,
        _ => null,
    };
}
