namespace ServiceMesh.Data;

/// <summary>On whose behalf a transaction runs; row-level security shows it that party's rows only.</summary>
public sealed record Tenant
{
    private Tenant(string? setting, string? code)
    {
        Setting = setting;
        Code = code;
    }

    /// <summary>The provider's staff and the consumers of events: every row.</summary>
    public static Tenant Provider { get; } = new(null, null);

    /// <summary>The setting that policies read: <c>app.department</c> or <c>app.customer</c>.</summary>
    internal string? Setting { get; }

    internal string? Code { get; }

    public static Tenant Department(string code) => new("app.department", Named(code));

    public static Tenant Customer(string code) => new("app.customer", Named(code));

    private static string Named(string code)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(code);
        return code;
    }
}
