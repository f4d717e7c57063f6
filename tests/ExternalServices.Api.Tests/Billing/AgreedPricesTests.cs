using System.Net;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Billing;

/// <summary>What a plan and a contract agree, on the invoice: meters, discounts, other prices, commitments.</summary>
public sealed class AgreedPricesTests(ExternalService service)
{
    private const string Contracts = "/external/v1/contracts";

    [Theory]
    [InlineData("sum", null, "21.5", "21.50")]
    [InlineData("count", null, "4", "4.00")]
    [InlineData("max", null, "10.5", "10.50")]
    [InlineData("last", null, "0.5", "0.50")]
    [InlineData("unique", "user", "2", "2.00")]
    [InlineData("timeWeighted", null, "3.625", "3.63")]
    public async Task A_meter_counts_as_the_plan_says(
        string aggregation, string? dimension, string quantity, string net)
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Sign("2026-01-01", null, Metered(new { aggregation, dimension }));

        // September has 720 hours: 2 before, then 3 after 180, 10.5 after 360, 7.5 after 450 and 0.5 after 540.
        await world.Record(
            Used(world, "0", "2026-07-15T12:00:00Z", "2", "eve"),
            Used(world, "1", "2026-09-08T10:00:00Z", "3", "ann"),
            Used(world, "2", "2026-09-15T22:00:00Z", "10.5", "bob"),
            Used(world, "4", "2026-09-23T10:00:00Z", "0.5", "bob"),
            Used(world, "3", "2026-09-19T16:00:00Z", "7.5", "ann"));
        await world.Bill("2026-09");

        var invoice = await world.TheInvoice();
        Assert.Equal([quantity, "4"], [invoice.Text("lines.0.usage.quantity"), invoice.Text("lines.0.usage.events")]);
        Assert.Equal(net, invoice.Text("lines.0.net.amount"));
        await Recomputes(invoice, 1);
    }

    [Fact]
    public async Task A_level_goes_on_without_events_and_counts_by_the_part_of_the_period_in_which_it_stood()
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        var charge = Metered(new { aggregation = "timeWeighted" });
        await world.Publish(world.Plan, [charge]);
        await service.Provider.Post(Contracts, new
        {
            code = world.Contract,
            customer = world.Customer,
            plan = world.Plan,
            planVersion = 1,
            start = "2026-09-16",
            anchor = "2026-09-01",
        });
        await world.Record(Used(world, "0", "2026-08-15T12:00:00Z", "10", "eve"));
        await world.Bill("2026-09");
        Assert.Equal("5", (await world.TheInvoice()).Text("lines.0.usage.quantity"));
    }

    [Fact]
    public async Task A_contract_has_prices_quantities_and_discounts_of_its_own()
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Publish(world.Plan, [World.Flat("SEATS", "15.00", "inAdvance"), World.PerUnit("STORAGE", "0.25")]);
        var signed = await service.Provider.Post(Contracts, Body(world, Agreed()));
        Assert.Equal(
            ["SEATS", "12", "0.20"],
            [
                signed.Text("overrides.0.charge"), signed.Text("overrides.0.quantity"),
                signed.Text("overrides.1.price.unitPrice"),
            ]);
        await world.Record(world.Usage("1", "2026-10-05T12:00:00Z", "1001"));
        await world.Bill("2026-10");

        var invoice = await world.TheInvoice();
        Assert.Equal(
            ["12", "15", "18.00", "5.00", "157.00", "200.20"],
            [
                invoice.Text("lines.0.quantity"), invoice.Text("lines.0.price"),
                invoice.Text("lines.0.allowances.0.amount.amount"), invoice.Text("lines.0.allowances.1.amount.amount"),
                invoice.Text("lines.0.net.amount"), invoice.Text("lines.1.net.amount"),
            ]);
        Assert.Equal("Ten percent off", invoice.Text("lines.0.allowances.0.description"));
        await Recomputes(invoice, 1);
        await Recomputes(invoice, 2);
    }

    [Fact]
    public async Task What_is_missing_to_a_commitment_is_billed_when_its_period_is_over()
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await Committed(world, "1000.00");
        await world.SignOn(world.Plan, world.Contract, "2026-10-11");
        await world.Record(world.Usage("1", "2026-10-20T12:00:00Z", "100"));
        await world.Bill("2026-10", finalize: false);
        Assert.Equal(["BASE"], Charges(await world.TheInvoice()));
        await world.Bill("2026-11");

        // The period from 10-11 to 11-11: 100 in advance and 25 of usage are billed, 875 are missing.
        var invoices = await world.Invoices();
        var second = await service.Provider.Get($"/external/v1/invoices/{invoices[1]!.Text("id")}");
        Assert.Equal(["BASE", "STORAGE", "MINIMUM"], Charges(second));
        Assert.Equal(
            ["trueUp", "875.00", "2026-10-11", "2026-11-11"],
            [
                second.Text("lines.2.kind"), second.Text("lines.2.net.amount"), second.Text("lines.2.from"),
                second.Text("lines.2.to"),
            ]);
        await Recomputes(second, 3);
        Assert.Equal("0", (await world.Bill("2026-11")).Text("invoices"));
    }

    [Fact]
    public async Task A_contract_may_commit_to_another_amount_or_to_none()
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await Committed(world, "1000.00");
        var other = new { code = "LESS", service = "STORAGE", description = "Less", amount = "130", scope = Scope };
        await service.Provider.Post(Contracts, Body(world, new { commitments = new[] { other } }));
        await world.Record(world.Usage("1", "2026-10-20T12:00:00Z", "100"));
        await world.Bill("2026-10");
        var invoice = await world.TheInvoice();
        Assert.Equal(["BASE", "STORAGE", "LESS"], Charges(invoice));
        Assert.Equal("105.00", invoice.Text("lines.2.net.amount"));
    }

    [Fact]
    public async Task What_cannot_be_agreed_is_named()
    {
        var world = await World.Create(service);
        await world.Publish(world.Plan, [World.Flat("SEATS", "15.00", "inAdvance"), World.PerUnit("STORAGE", "0.25")]);
        var problem = await service.Provider.Post(
            Contracts, Body(world, JsonNode.Parse(Unusable)!), HttpStatusCode.UnprocessableEntity);
        Assert.Equal(
            [
                "/overrides/0/quantity quantity-of-metered", "/overrides/1/price metering-changed",
                "/overrides/1/discounts/0/to not-after-start", "/overrides/1/discounts/0/percent percent-out-of-range",
                "/overrides/2/charge charge-not-found", "/overrides/3/charge override-twice",
                "/commitments/0/code commitment-twice", "/commitments/0/amount not-positive",
                "/commitments/0/scope/0 charge-not-found",
            ],
            problem.Errors());
        var unknown = new { code = "M", service = "NOWHERE", description = "d", amount = "1" };
        var service404 = await service.Provider.Post(
            Contracts, Body(world, new { commitments = new[] { unknown } }), HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["/commitments/0/service service-not-found"], service404.Errors());
    }

    [Theory]
    [InlineData("""{"aggregation":"unique"}""", "/charges/0/meter/dimension dimension-missing")]
    [InlineData("""{"aggregation":"max","dimension":"d"}""", "/charges/0/meter/dimension dimension-unused")]
    public async Task A_meter_that_cannot_count_is_named(string meter, string error)
    {
        var world = await World.Create(service);
        await service.Provider.Post("/external/v1/plans", new { code = world.Plan, name = "B", currency = "EUR" });
        var problem = await service.Provider.Post(
            $"/external/v1/plans/{world.Plan}/versions",
            new { charges = new[] { Metered(JsonNode.Parse(meter)!) } },
            HttpStatusCode.UnprocessableEntity);
        Assert.Equal([error], problem.Errors());
    }

    [Fact]
    public async Task Fees_have_no_meter_percentages_only_a_sum_and_commitments_a_code_of_their_own()
    {
        var world = await World.Create(service);
        await service.Provider.Post("/external/v1/plans", new { code = world.Plan, name = "B", currency = "EUR" });
        var (count, share) = (new { aggregation = "count" }, new { model = "percentage", rate = "1" });
        var fee = new { model = "flat", amount = "1" };
        object[] charges =
        [
            new { code = "A", service = "SUPPORT", description = "d", price = fee, meter = count },
            new { code = "B", service = "STORAGE", description = "d", price = share, meter = count },
        ];
        var commitment = new { code = "A", service = "STORAGE", description = "d", amount = "0" };
        var problem = await service.Provider.Post(
            $"/external/v1/plans/{world.Plan}/versions",
            new { charges, commitments = new[] { commitment } },
            HttpStatusCode.UnprocessableEntity);
        Assert.Equal(
            [
                "/charges/0/meter meter-of-fee", "/charges/1/meter/aggregation percentage-of-sum",
                "/commitments/0/code commitment-twice", "/commitments/0/amount not-positive",
            ],
            problem.Errors());
    }

    private static readonly string[] Scope = ["STORAGE"];

    private const string Unusable = """
        {
          "overrides": [
            {"charge": "STORAGE", "quantity": "2"},
            {"charge": "SEATS", "price": {"model": "perUnit", "unitPrice": "1"}, "discounts": [
              {"kind": "percentage", "code": "D", "description": "d", "percent": "101", "from": "2026-02-01",
                "to": "2026-02-01"}]},
            {"charge": "NONE"},
            {"charge": "STORAGE"}
          ],
          "commitments": [
            {"code": "SEATS", "service": "STORAGE", "description": "d", "amount": "0", "scope": ["NONE"]}
          ]
        }
        """;

    private static JsonNode Agreed() => JsonNode.Parse(
        """
        {"overrides": [
          {"charge": "SEATS", "quantity": "12", "discounts": [
            {"kind": "percentage", "code": "TENTH", "description": "Ten percent off", "percent": "10",
              "from": "2026-10-01"},
            {"kind": "amount", "code": "FIVE", "description": "Five off", "amount": "5", "from": "2026-10-01"},
            {"kind": "amount", "code": "GONE", "description": "Gone", "amount": "5", "from": "2026-01-01",
              "to": "2026-09-01"}]},
          {"charge": "STORAGE", "price": {"model": "perUnit", "unitPrice": "0.20"}}
        ]}
        """)!;

    private static object Metered(object meter) => new
    {
        code = "STORAGE",
        service = "STORAGE",
        description = "Storage",
        price = new { model = "perUnit", unitPrice = "1" },
        meter,
    };

    private static object Used(World world, string id, string at, string quantity, string user) => new
    {
        source = "meter",
        id,
        customer = world.Customer,
        service = "STORAGE",
        at,
        quantity,
        dimensions = new { user },
    };

    private async Task Committed(World world, string amount)
    {
        await service.Provider.Post("/external/v1/plans", new { code = world.Plan, name = "B", currency = "EUR" });
        object[] charges = [World.Flat("BASE", "100.00", "inAdvance"), World.PerUnit("STORAGE", "0.25")];
        var commitment = new { code = "MINIMUM", service = "STORAGE", description = "Minimum", amount };
        var path = $"/external/v1/plans/{world.Plan}/versions";
        var draft = await service.Provider.Post(path, new { charges, commitments = new[] { commitment } });
        Assert.Equal("MINIMUM", draft.Text("commitments.0.code"));
        await service.Provider.Post($"{path}/1/publish", null, HttpStatusCode.OK);
    }

    private static JsonObject Body(World world, object agreed)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(agreed)!.AsObject();
        (body["code"], body["customer"]) = (world.Contract, world.Customer);
        (body["plan"], body["planVersion"], body["start"]) = (world.Plan, 1, "2026-10-01");
        return body;
    }

    private static string[] Charges(JsonNode invoice) =>
        [.. invoice["lines"]!.AsArray().Select(line => line!.Text("charge"))];

    private async Task Recomputes(JsonNode invoice, int line)
    {
        var explained = await service.Provider.Get(
            $"/external/v1/invoices/{invoice.Text("id")}/lines/{line}/explanation");
        Assert.True(explained["isEqual"]!.GetValue<bool>(), explained.ToJsonString());
    }
}
