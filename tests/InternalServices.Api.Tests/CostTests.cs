namespace InternalServices.Api.Tests;

public sealed class CostTests(InternalServicesFixture mesh) : IClassFixture<InternalServicesFixture>
{
    private const string Month = "2026-10";

    private readonly Organisation _organisation = new(mesh.Provider);

    [Fact]
    public async Task Costs_are_recorded_once_per_reference()
    {
        var pool = await _organisation.Pool();
        var (first, second) = (Entry("12.50"), Entry("-0.000000000000001") with { kind = "credit" });

        Assert.Equal(["accepted", "accepted"], await Record(pool, first, second));
        Assert.Equal(
            ["duplicate", "conflict"], await Record(pool, first, second with { amount = new AmountItem("1") }));

        var entries = (await mesh.Provider.Get($"cost-pools/{pool}/entries?month={Month}")).Is(200).Items.ToList();
        Assert.Equal(["12.5", "-0.000000000000001"], entries.Select(entry => (string)entry["amount"]!["amount"]!));
        Assert.Equal(["actual", "credit"], entries.Select(entry => (string)entry["kind"]!));
    }

    [Fact]
    public async Task A_reference_repeated_in_one_batch_counts_once()
    {
        var pool = await _organisation.Pool();
        var entry = Entry("1.00");

        Assert.Equal(
            ["accepted", "duplicate", "conflict"],
            await Record(pool, entry, entry, entry with { amount = new AmountItem("2.00") }));
        Assert.Single((await mesh.Provider.Get($"cost-pools/{pool}/entries?month={Month}")).Items);
    }

    [Fact]
    public async Task A_cost_goes_to_a_department_or_a_customer_directly()
    {
        var (pool, department) = (await _organisation.Pool(), await _organisation.Department());

        Assert.Equal(
            ["accepted", "accepted", "rejected", "rejected", "rejected", "rejected"],
            await Record(
                pool,
                Entry("1.00", department: department),
                Entry("1.00", customer: "ACME"),
                Entry("1.00", department: department, customer: "ACME"),
                Entry("1.00", department: "NOBODY"),
                Entry("1.00", department: "a\0b"),
                Entry("1.00", customer: "not a code")));
    }

    [Theory]
    [InlineData("NaN", "USD", Month, "invalid-amount")]
    [InlineData("1e3", "USD", Month, "invalid-amount")]
    [InlineData("1.0000000000000001", "USD", Month, "invalid-amount")]
    [InlineData("1234567890123456789012345678901234567890", "USD", Month, "invalid-amount")]
    [InlineData("10000000000000", "USD", Month, "invalid-amount")]
    [InlineData("1.00", "ABC", Month, "unknown-currency")]
    [InlineData("1.00", "usd", Month, "unknown-currency")]
    [InlineData("1.00", "EUR", Month, "currency-mismatch")]
    [InlineData("1.00", "USD", "2026-13", "invalid-month")]
    [InlineData("1.00", "USD", "October", "invalid-month")]
    public async Task A_bad_item_is_rejected_and_the_others_are_recorded(
        string amount, string currency, string month, string code)
    {
        var pool = await _organisation.Pool();
        var bad = Entry("0") with { amount = new AmountItem(amount, currency), month = month };

        object[] batch = [bad, Entry("1.00")];
        var answer = (await mesh.Provider.Post($"cost-pools/{pool}/entries/batch", batch)).Is(200);

        Assert.Equal((1, 1), ((int)answer["accepted"], (int)answer["rejected"]));
        Assert.Equal(code, (string)answer.ItemAt(0)["code"]!);
    }

    [Fact]
    public async Task A_batch_has_at_most_ten_thousand_items()
    {
        var pool = await _organisation.Pool();
        var items = Enumerable.Range(0, 10_001).Select(_ => Entry("0.01")).ToArray();

        (await mesh.Provider.Post($"cost-pools/{pool}/entries/batch", items)).Refuses(422, "too-many-items");
        Assert.Empty((await mesh.Provider.Get($"cost-pools/{pool}/entries?month={Month}")).Items);
        var answer = await mesh.Provider.Post($"cost-pools/{pool}/entries/batch", items[..10_000]);
        Assert.Equal(10_000, (int)answer["accepted"]);
    }

    [Theory]
    [InlineData("""[{"reference":"r","month":"2026-10","amount":{"amount":1,"currency":"USD"}}]""", "/0/amount/amount")]
    [InlineData(
        """[{"reference":"r","month":"2026-10","amount":{"amount":"1","currency":"USD"},"more":1}]""", "/0/more")]
    [InlineData("""[{"reference":"r","month":"2026-10"}]""", "/0/amount")]
    [InlineData("""[null]""", "/0")]
    [InlineData("""{"items":[]}""", "")]
    [InlineData("""[{"reference":"r","month":""", "/0/month")]
    public async Task A_batch_that_is_not_of_the_documented_form_is_refused_as_a_whole(string body, string pointer)
    {
        var pool = await _organisation.Pool();
        var answer = (await mesh.Provider.PostJson($"cost-pools/{pool}/entries/batch", body))
            .Refuses(400, "unreadable");
        Assert.Equal(pointer, (string)answer["errors"][0]!["pointer"]!);
    }

    [Fact]
    public async Task Pools_are_registered_once_with_the_service_they_are_of()
    {
        var service = await _organisation.Service(await _organisation.Department());
        var pool = await _organisation.Pool(service);

        (await mesh.Provider.Post("cost-pools", Pool(pool, "service", service))).Refuses(409, "pool-exists");
        (await mesh.Provider.Post("cost-pools", Pool("P", "service", null)))
            .RefusesField("/service", "service-mismatch");
        (await mesh.Provider.Post("cost-pools", Pool("P", "support", service)))
            .RefusesField("/service", "service-mismatch");
        (await mesh.Provider.Post("cost-pools", Pool("P", "service", "NONE"))).Refuses(422, "service-not-found");
        (await mesh.Provider.Post("cost-pools/NONE/entries/batch", Array.Empty<object>()))
            .Refuses(404, "cost-pool-not-found");
        var renamed = await mesh.Provider.Put($"cost-pools/{pool}", new { name = "Other" }, "\"1\"");
        Assert.Equal("Other", renamed.Is(200).Text("name"));
        (await mesh.Provider.Get("cost-pools/UNMAPPED")).Is(200);
    }

    [Fact]
    public async Task Recorded_costs_cannot_be_changed_in_the_database()
    {
        await Record(await _organisation.Pool(), Entry("1.00"));

        var failure = await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            mesh.Scalar<int>("update chargeback.cost_entries set amount = 0 returning 1"));
        Assert.Contains("append-only", failure.Message, StringComparison.Ordinal);
    }

    private async Task<string[]> Record(string pool, params EntryItem[] entries) =>
    [
        .. (await mesh.Provider.Post($"cost-pools/{pool}/entries/batch", entries)).Is(200)
            .Items.Select(item => (string)item["result"]!),
    ];

    private static EntryItem Entry(string amount, string? department = null, string? customer = null) =>
        EntryItem.Of(Month, amount, department, customer);

    private static object Pool(string code, string kind, string? service) => new { code, name = code, kind, service };
}
