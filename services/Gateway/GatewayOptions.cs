namespace Gateway;

/// <summary>What an operator sets for the gateway: section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>Where InternalServices listens: replicas, or one name that resolves to several addresses.</summary>
    public Uri[] InternalServices { get; set; } = [];

    /// <summary>Where ExternalServices listens.</summary>
    public Uri[] ExternalServices { get; set; } = [];

    /// <summary>The public URL, with a trailing slash. Without it, another authority issues the tokens.</summary>
    public Uri? Issuer { get; set; }

    /// <summary>PEM file of the P-256 key that signs tokens.</summary>
    public string? SigningKeyFile { get; set; }

    /// <summary>PEM file of the key that will sign next, or that signed until now: published, not used.</summary>
    public string? NextSigningKeyFile { get; set; }

    /// <summary>Holds the secret of the first administrator, whom <c>migrate</c> registers.</summary>
    public string? BootstrapSecretFile { get; set; }

    /// <summary>Proxies in front of the gateway whose <c>X-Forwarded-For</c> is believed.</summary>
    public string[] TrustedProxies { get; set; } = [];

    public RateLimitOptions RateLimit { get; set; } = new();
}

/// <summary>Token buckets: each caller has its own, and each address that sends no valid token.</summary>
public sealed class RateLimitOptions
{
    public int RequestsPerSecond { get; set; } = 500;

    public int Burst { get; set; } = 1_000;

    public int AnonymousRequestsPerSecond { get; set; } = 50;

    public int AnonymousBurst { get; set; } = 200;

    /// <summary>Wrong client secrets that one address may send in a minute.</summary>
    public int FailedTokenRequestsPerMinute { get; set; } = 20;
}
