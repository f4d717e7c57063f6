using System.Net;

namespace InternalServices.Api.Tests;

public sealed class UsageTests(InternalServicesFixture mesh) : IClassFixture<InternalServicesFixture>
{
    private readonly Organisation _organisation = new(mesh.Provider);

    [Fact]
    public async Task Usage_is_recorded_once_per_source_and_id()
    {
        var (department, service) = await DepartmentAndService();
        var (first, second) = (Used(department, service, "1.5"), Used(department, service, "0"));

        Assert.Equal(["accepted", "accepted"], await Record(first, second));
        Assert.Equal(["duplicate", "accepted", "conflict"], await Record(
            first, Used(department, service, "2"), second with { quantity = "0.000000000000001" }));

        var summary = Assert.Single((await mesh.Provider.Get("usage?month=2026-10")).Is(200)
            .Items, item => (string)item["service"]! == service);
        Assert.Equal(
            ("3.5", 3, department),
            ((string)summary["quantity"]!, (int)summary["rows"]!, (string)summary["department"]!));
    }

    [Fact]
    public async Task An_item_repeated_in_one_batch_counts_once()
    {
        var (department, service) = await DepartmentAndService();
        var item = Used(department, service, "1");

        Assert.Equal(["accepted", "duplicate", "conflict"], await Record(item, item, item with { quantity = "2" }));
    }

    [Fact]
    public async Task The_same_quantity_written_otherwise_is_the_same()
    {
        var (department, service) = await DepartmentAndService();
        var item = Used(department, service, "1.50", at: "2026-10-05T09:30:00.1234567Z");

        Assert.Equal(["accepted"], await Record(item));
        Assert.Equal(
            ["duplicate"], await Record(item with { quantity = "1.5", at = "2026-10-05T11:30:00.123456+02:00" }));
    }

    [Theory]
    [InlineData("quantity", "-1", "negative-quantity")]
    [InlineData("quantity", "NaN", "invalid-quantity")]
    [InlineData("quantity", "1e5", "invalid-quantity")]
    [InlineData("quantity", "", "invalid-quantity")]
    [InlineData("quantity", "1,5", "invalid-quantity")]
    [InlineData("quantity", "1234567890123456789012345678901234567890", "invalid-quantity")]
    [InlineData("quantity", "0.0000000000000001", "invalid-quantity")]
    [InlineData("at", "2026-10-05", "invalid-instant")]
    [InlineData("at", "2026-10-05T09:30:00", "invalid-instant")]
    [InlineData("at", "2026-13-05T09:30:00Z", "invalid-instant")]
    [InlineData("at", "1999-12-31T23:59:59Z", "invalid-instant")]
    [InlineData("at", "2099-01-01T00:00:00Z", "ahead-of-time")]
    [InlineData("department", "NOBODY", "department-not-found")]
    [InlineData("department", "EXTERNAL-BUSINESS", "department-not-found")]
    [InlineData("department", "a\0b", "department-not-found")]
    [InlineData("service", "NOTHING", "service-not-found")]
    [InlineData("source", "", "invalid-source")]
    [InlineData("id", "a\tb", "invalid-id")]
    public async Task A_bad_item_is_rejected_and_the_others_are_recorded(string member, string value, string code)
    {
        var (department, service) = await DepartmentAndService();
        var item = Used(department, service, "1");
        var bad = member switch
        {
            "quantity" => item with { quantity = value },
            "at" => item with { at = value },
            "department" => item with { department = value },
            "service" => item with { service = value },
            "source" => item with { source = value },
            _ => item with { id = value },
        };

        var answer = (await mesh.Provider.Post("usage/batch", new[] { bad, Used(department, service, "1") })).Is(200);

        Assert.Equal(("rejected", code), ((string)answer.ItemAt(0)["result"]!, (string)answer.ItemAt(0)["code"]!));
        Assert.Equal("accepted", (string)answer.ItemAt(1)["result"]!);
    }

    [Fact]
    public async Task Usage_is_of_services_that_departments_may_use_and_of_active_departments()
    {
        var department = await _organisation.Department();
        var external = await _organisation.Service(department, audience: "external");
        var service = await _organisation.Service(department, audience: "internal");
        Assert.Equal(
            ["rejected", "accepted"], await Record(Used(department, external, "1"), Used(department, service, "1")));

        var edit = new { name = "Gone", parent = (string?)null, active = false };
        (await mesh.Provider.Put($"departments/{department}", edit, "\"1\"")).Is(200);
        Assert.Equal(["rejected"], await Record(Used(department, service, "1")));
    }

    [Fact]
    public async Task A_month_is_one_of_the_providers_zone()
    {
        var (department, service) = await DepartmentAndService();

        // Madrid is two hours ahead until 25 October 2026 and one hour after.
        await Record(
            Used(department, service, "1", at: "2026-09-30T21:59:59Z"),
            Used(department, service, "10", at: "2026-09-30T22:00:00Z"),
            Used(department, service, "100", at: "2026-10-31T22:59:59Z"),
            Used(department, service, "1000", at: "2026-10-31T23:00:00Z"));

        Assert.Equal("1", await Quantity("2026-09", service));
        Assert.Equal("110", await Quantity("2026-10", service));
        Assert.Equal("1000", await Quantity("2026-11", service));
    }

    [Fact]
    public async Task A_batch_has_at_most_ten_thousand_items()
    {
        var (department, service) = await DepartmentAndService();
        var items = Enumerable.Range(0, 10_001).Select(_ => Used(department, service, "0.001")).ToArray();

        (await mesh.Provider.Post("usage/batch", items)).Refuses(422, "too-many-items");
        Assert.Null(await Quantity("2026-10", service));
        Assert.Equal(10_000, (int)(await mesh.Provider.Post("usage/batch", items[..10_000])).Is(200)["accepted"]);
        Assert.Equal("10", await Quantity("2026-10", service));
        Assert.Equal(10_000, (int)(await mesh.Provider.Post("usage/batch", items[..10_000])).Is(200)["duplicates"]);
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_of_another_kind_is_refused()
    {
        using var client = mesh.RawClient(mesh.Issuer.Provider());
        var path = new Uri("/internal/v1/usage/batch", UriKind.Relative);
        using var large =
            new ByteArrayContent(new byte[9 * 1024 * 1024]) { Headers = { ContentType = new("application/json") } };
        using var text = new StringContent("[]");
        client.DefaultRequestHeaders.ExpectContinue = true;

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.PostAsync(path, large)).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await client.PostAsync(path, text)).StatusCode);
    }

    [Theory]
    [InlineData("""[{"source":"s","id":"1"}]""")]
    [InlineData("""[{"source":"s","id":"1","department":"D","service":"S","at":"2026-10-05T09:30Z","quantity":1}]""")]
    [InlineData(
        """[{"source":"s","id":"1","department":"D","service":"S","at":"2026-10-05T09:30Z","quantity":"1","x":1}]""")]
    [InlineData("""[{"source":"s""")]
    [InlineData("{}")]
    public async Task A_batch_that_is_not_of_the_documented_form_is_refused_as_a_whole(string body) =>
        (await mesh.Provider.PostJson("usage/batch", body)).Refuses(400, "unreadable");

    [Theory]
    [InlineData("")]
    [InlineData("?month=2026-13")]
    [InlineData("?month=now")]
    public async Task A_summary_is_of_a_month(string query) => (await mesh.Provider.Get($"usage{query}")).Is(400);

    [Fact]
    public async Task A_department_sees_its_own_usage_and_records_none()
    {
        var (own, service) = await DepartmentAndService();
        var other = await _organisation.Department();
        var items = new[] { Used(own, service, "1"), Used(other, service, "2") };
        await Record(items);

        var seen = Assert.Single((await mesh.Department(own).Get("usage?month=2026-10")).Is(200).Items);
        Assert.Equal((own, "1"), ((string)seen["department"]!, (string)seen["quantity"]!));
        (await mesh.Department(own).Post("usage/batch", items)).Is(403);
        (await mesh.Customer("ACME").Get("usage?month=2026-10")).Is(403);
    }

    private async Task<(string Department, string Service)> DepartmentAndService()
    {
        var department = await _organisation.Department();
        return (department, await _organisation.Service(department));
    }

    private async Task<string[]> Record(params UsageItem[] items) =>
        [.. (await mesh.Provider.Post("usage/batch", items)).Is(200).Items.Select(item => (string)item["result"]!)];

    private async Task<string?> Quantity(string month, string service) =>
        (string?)(await mesh.Provider.Get($"usage?month={month}&limit=500")).Is(200)
            .Items.SingleOrDefault(item => (string)item["service"]! == service)?["quantity"];

    private static UsageItem Used(
        string department, string service, string quantity, string at = "2026-10-05T09:30:00Z") =>
        new("meter", Organisation.Code("U"), department, service, at, quantity);
}
