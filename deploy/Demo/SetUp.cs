using System.Globalization;
using System.Text.Json.Nodes;

namespace Demo;

/// <summary>What exists before the month begins. What is there already stays as it is.</summary>
internal static class SetUp
{
    public static async Task Organisation(Mesh mesh)
    {
        await Screen.Step("departments", async () =>
        {
            foreach (var department in World.Departments)
                await mesh.Ensure("/internal/v1/departments", new { code = department.Code, name = department.Name });
        });
        await Screen.Step("service catalogue and cost pools", async () =>
        {
            foreach (var service in World.Services) await AddService(mesh, service);
        });
        await Screen.Step("rule set: direct, by usage", () => AddRules(mesh));
    }

    public static async Task Customers(Mesh mesh, DateOnly month)
    {
        await Screen.Step("the catalogue reaches the customers' side", () => Arrival(mesh));
        await Screen.Step("legal entity and tax rate", () => AddLegalEntity(mesh));
        await Screen.Step("customers", async () =>
        {
            foreach (var customer in World.Customers) await AddCustomer(mesh, customer);
        });
        await Screen.Step("a plan of a flat fee and prices per unit", () => AddPlan(mesh));
        await Screen.Step("contracts", async () =>
        {
            foreach (var customer in World.Customers) await Sign(mesh, customer, month);
        });
    }

    private static async Task AddService(Mesh mesh, World.Service service)
    {
        await mesh.Ensure("/internal/v1/services", new
        {
            code = service.Code,
            name = service.Name,
            unit = service.Unit,
            ownerDepartment = "OPS",
            audience = "both",
            charging = "chargeback",
            pricing = "costRecovery",
        });
        await mesh.Ensure(
            "/internal/v1/cost-pools",
            new { code = service.Code, name = service.Name, kind = "service", service = service.Code });
    }

    private static async Task AddRules(Mesh mesh)
    {
        if ((await mesh.List("/internal/v1/rule-sets")).Count > 0) return;

        await mesh.Post("/internal/v1/rule-sets", new
        {
            method = "direct",
            rules = World.Services.Select(service => new
            {
                pool = service.Code,
                driver = new { kind = "usage", service = service.Code },
                whenZero = "unallocated",
            }),
        });
    }

    /// <summary>Services are announced by events; a plan can name them once they have arrived.</summary>
    private static Task Arrival(Mesh mesh) => Waiting.Until(async () =>
        (await mesh.List("/external/v1/services")).Count < World.Services.Length
            ? "waiting for the catalogue to arrive on the other side"
            : null);

    private static async Task AddLegalEntity(Mesh mesh)
    {
        await mesh.Ensure("/external/v1/legal-entities", new
        {
            code = World.LegalEntity,
            name = "Northwind IT Services S.L.",
            address = new { street = "Gran Vía 28", city = "Madrid", postalCode = "28013" },
            country = "ES",
            vatId = "ESB12345674",
            currency = World.Currency,
            zone = "Europe/Madrid",
        });
        if ((await mesh.List("/external/v1/tax-rates")).Count == 0)
            await mesh.Post(
                "/external/v1/tax-rates", new { country = "ES", category = "S", rate = "21", from = "2012-09-01" });
    }

    private static Task AddCustomer(Mesh mesh, World.Customer customer) => mesh.Ensure("/external/v1/customers", new
    {
        code = customer.Code,
        legalEntity = World.LegalEntity,
        name = customer.Name,
        address = new { street = customer.Street, city = customer.City, postalCode = customer.PostalCode },
        country = customer.Country,
        vatId = customer.VatId,
        currency = World.Currency,
        zone = customer.TimeZone,
        language = customer.Language,
        paymentTermsDays = 30,
    });

    private static async Task AddPlan(Mesh mesh)
    {
        await mesh.Ensure(
            "/external/v1/plans", new { code = World.Plan, name = "Managed IT", currency = World.Currency });
        if ((await mesh.Get($"/external/v1/plans/{World.Plan}"))["publishedVersion"] is not null) return;

        var flat = new JsonObject
        {
            ["code"] = "BASE",
            ["service"] = "SUPPORT",
            ["description"] = "Managed IT, monthly fee",
            ["price"] = new JsonObject { ["model"] = "flat", ["amount"] = "450.00", ["timing"] = "inArrears" },
        };
        var perUnit = World.Services.Select(service => new JsonObject
        {
            ["code"] = service.Code,
            ["service"] = service.Code,
            ["description"] = service.Name,
            ["price"] = new JsonObject { ["model"] = "perUnit", ["unitPrice"] = service.Price },
        });
        var version = await mesh.Post(
            $"/external/v1/plans/{World.Plan}/versions", new { charges = perUnit.Prepend(flat).ToArray() });
        await mesh.Post($"/external/v1/plans/{World.Plan}/versions/{Screen.Text(version["version"])}/publish", new { });
    }

    private static Task Sign(Mesh mesh, World.Customer customer, DateOnly month) => mesh.Ensure(
        "/external/v1/contracts",
        new
        {
            code = $"{customer.Code}-1",
            customer = customer.Code,
            plan = World.Plan,
            planVersion = 1,
            start = month.ToString("O", CultureInfo.InvariantCulture),
        });
}
