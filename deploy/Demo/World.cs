namespace Demo;

/// <summary>The provider of the demo with its departments, services, customers and prices.</summary>
internal static class World
{
    public const string Currency = "USD";
    public const string LegalEntity = "NORTHWIND";
    public const string Plan = "MANAGED-IT";

    public static readonly Department[] Departments =
    [
        new("SALES", "Sales"),
        new("RND", "Research and development"),
        new("OPS", "Operations"),
        new("FINANCE", "Finance"),
    ];

    /// <summary>FOCUS service categories whose cost without an owner everybody shares by usage.</summary>
    public static readonly string[] SharedCategories =
        ["Compute", "Management and Governance", "Networking", "Storage"];

    /// <summary>Each service has a cost pool of the same code.</summary>
    public static readonly Service[] Services =
    [
        new("SUPPORT", "Service desk", "ticket", "18.00", 2, ["Management and Governance", "Security", "Identity"]),
        new("ASSISTANCE", "In-house assistance", "session", "35.00", 2, ["Business Applications", "Other"]),
        new("CONNECTIVITY", "Connectivity", "GB", "0.09", 400, ["Networking", "Integration"]),
        new("STORAGE", "Storage", "GB-month", "0.045", 2000, ["Storage"]),
        new("COMPUTE", "Compute", "hour", "0.21", 300, ["Compute", "Databases", "AI and Machine Learning"]),
    ];

    public static readonly Customer[] Customers =
    [
        new("ACME", "Acme Metals S.A.", "ES", "ESA58818501", "Calle Mayor 1", "28013", "Madrid", "es", "Europe/Madrid"),
        new("GLOBEX", "Globex GmbH", "DE", "DE136695976", "Lindenstraße 14", "10969", "Berlin", "en", "Europe/Berlin"),
        new("INITECH", "Initech LLC", "US", null, "4120 Freidrich Lane", "78744", "Austin", "en", "America/Chicago"),
    ];

    internal sealed record Department(string Code, string Name);

    /// <param name="Code">Of the service and of its pool.</param>
    /// <param name="Name">For people.</param>
    /// <param name="Unit">What one unit of use is.</param>
    /// <param name="Price">What a customer pays for a unit.</param>
    /// <param name="MostPerEvent">How many units one event of use has at most.</param>
    /// <param name="Categories">The FOCUS service categories whose cost it is.</param>
    internal sealed record Service(
        string Code, string Name, string Unit, string Price, int MostPerEvent, string[] Categories);

    internal sealed record Customer(
        string Code,
        string Name,
        string Country,
        string? VatId,
        string Street,
        string PostalCode,
        string City,
        string Language,
        string TimeZone);
}
