using System.Globalization;

namespace InternalServices.Api.Tests;

/// <summary>Sets up what a test needs, under codes that no other test uses.</summary>
public sealed class Organisation(ApiClient provider)
{
    private static int _number;

    public static string Code(string prefix) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}-{Interlocked.Increment(ref _number)}");

    public async Task<string> Department(string prefix = "DEP")
    {
        var code = Code(prefix);
        (await provider.Post("departments", new { code, name = $"Department {code}" })).Is(201);
        return code;
    }

    public async Task<string> Service(
        string owner, string audience = "both", string prefix = "SERVICE", string pricing = "costRecovery")
    {
        var code = Code(prefix);
        (await provider.Post("services", new
        {
            code,
            name = $"Service {code}",
            unit = "GB-month",
            ownerDepartment = owner,
            audience,
            charging = "chargeback",
            pricing,
        })).Is(201);
        return code;
    }

    public async Task<string> Pool(string? service = null)
    {
        var code = Code("POOL");
        (await provider.Post("cost-pools", new
        {
            code,
            name = $"Pool {code}",
            kind = service is null ? "support" : "service",
            service,
        })).Is(201);
        return code;
    }
}
