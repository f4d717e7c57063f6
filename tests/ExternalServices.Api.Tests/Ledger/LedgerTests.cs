using System.Net;
using System.Text.Json.Nodes;
using Npgsql;

namespace ExternalServices.Api.Tests.Ledger;

public sealed class LedgerTests(ExternalService service)
{
    private const string Path = "/external/v1/ledger";
    private const string Rest = "legal_entity, day, account, customer, currency, amount";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_invoice_is_booked_with_its_tax_when_it_is_issued(bool inRun)
    {
        var world = await Billed(inRun);
        var invoice = await world.TheInvoice();
        if (!inRun)
        {
            await service.Provider.Get($"{Path}/transactions/{invoice.Text("id")}", HttpStatusCode.NotFound);
            await service.Provider.Post(
                $"/external/v1/invoices/{invoice.Text("id")}/finalize", null, HttpStatusCode.OK, world.Customer);
            invoice = await world.TheInvoice();
        }

        var booked = await service.Provider.Get($"{Path}/transactions/{invoice.Text("id")}");
        Assert.Equal(
            ["issue", world.Customer, $"Invoice {invoice.Text("number")}", invoice.Text("issueDate")],
            new[] { "kind", "customer", "description", "day" }.Select(booked.Text));
        Assert.Equal(["receivables 121.76", "deferredRevenue -100.63", "tax -21.13 S 21"], Entries(booked));
        await AssertBalanced(world);
    }

    [Fact]
    public async Task Balances_are_taken_over_once_and_taken_back_once()
    {
        var world = await World.Create(service);
        var opened = await service.Provider.Post(
            $"{Path}/opening-balances", Opening(world, "receivables", world.Customer), key: $"o-{world.Customer}");
        Assert.Equal(["receivables 500.00", "openingBalance -500.00"], Entries(opened));
        await service.Provider.Post(
            $"{Path}/opening-balances", Opening(world, "receivables", world.Customer), key: $"o-{world.Customer}");
        Assert.Equal("500.00", (await Balance(world, "receivables")).Text("debit.amount"));

        var path = $"{Path}/transactions/{opened.Text("id")}/reverse";
        var reversal = await service.Provider.Post(path, null, key: $"r-{world.Customer}");
        Assert.Equal(["reversal", opened.Text("id")], [reversal.Text("kind"), reversal.Text("reverses")]);
        Assert.Equal(["receivables -500.00", "openingBalance 500.00"], Entries(reversal));
        Assert.Equal("0.00", (await Balance(world, "receivables")).Text("balance.amount"));

        var again = await service.Provider.Post(path, null, HttpStatusCode.Conflict, $"r2-{world.Customer}");
        Assert.Equal("already-reversed", again.Code());
        var back = await service.Provider.Post(
            $"{Path}/transactions/{reversal.Text("id")}/reverse",
            null,
            HttpStatusCode.Conflict,
            $"r3-{world.Customer}");
        Assert.Equal("not-reversible", back.Code());
        await AssertBalanced(world);
    }

    [Fact]
    public async Task A_balance_that_cannot_be_taken_over_is_refused()
    {
        var (world, other) = (await World.Create(service), await World.Create(service));
        Assert.Equal(["/customer customer-missing"], await Errors(Opening(world, "receivables", null)));
        Assert.Equal(["/customer no-customer"], await Errors(Opening(world, "cash", world.Customer)));
        Assert.Equal(["/account opening-balance"], await Errors(Opening(world, "openingBalance", null)));
        Assert.Equal(["/amount out-of-range"], await Errors(Opening(world, "cash", null, "0")));
        Assert.Equal(["/amount out-of-range"], await Errors(Opening(world, "cash", null, "1000000000000")));
        Assert.Equal(["/customer customer-not-found"], await Errors(Opening(world, "receivables", other.Customer)));
        var nobody = new
        {
            legalEntity = "NOBODY",
            day = "2026-10-01",
            account = "cash",
            amount = new { amount = "1", currency = "EUR" },
            description = "x",
        };
        Assert.Equal(["/legalEntity legal-entity-not-found"], await Errors(nobody));
    }

    [Fact]
    public async Task An_account_is_mapped_to_the_accounting_systems()
    {
        var world = await Billed(inRun: true);
        var path = $"/external/v1/legal-entities/{world.Entity}/ledger-accounts";
        await service.Provider.Put($"{path}/tax", new { erpAccount = "477000" }, "\"0\"");
        var stale = await service.Provider.Put(
            $"{path}/tax", new { erpAccount = "1" }, "\"0\"", HttpStatusCode.PreconditionFailed);
        Assert.Equal("changed-meanwhile", stale.Code());
        var bad = await service.Provider.Put(
            $"{path}/tax", new { erpAccount = "a b" }, "\"1\"", HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["/erpAccount invalid-code"], bad.Errors());
        await service.Provider.Put($"{path}/nonsense", new { erpAccount = "1" }, "\"0\"", HttpStatusCode.NotFound);
        Assert.Equal("477000", (await Balance(world, "tax")).Text("erpAccount"));
        Assert.Equal(9, (await service.Provider.Get(path))["items"]!.AsArray().Count);
        await service.Provider.Get(
            "/external/v1/legal-entities/NOBODY/ledger-accounts", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("update ledger.entries set amount = amount * 2", "23001")]
    [InlineData("delete from ledger.transactions", "23001")]
    [InlineData("truncate ledger.entries", "23001")]
    [InlineData($"insert into ledger.entries select transaction, 9, {Rest} from ledger.entries limit 1", "23514")]
    [InlineData($"insert into ledger.entries select transaction, number + 9, {Rest} from ledger.entries", "23001")]
    [InlineData(
        """
        insert into ledger.entries
        values (gen_random_uuid(), 1, 'X', now(), 'cash', null, 'EUR', 1),
            (gen_random_uuid(), 2, 'X', now(), 'tax', null, 'EUR', -1)
        """,
        "23514")]
    public async Task The_database_keeps_the_books_balanced_and_unchanged(string sql, string code)
    {
        await Billed(inRun: true);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => service.Sql(sql));
        Assert.Equal(code, refused.SqlState);
    }

    [Fact]
    public async Task An_entry_needs_its_transaction()
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => service.Sql(
            """
            with id as (select gen_random_uuid() as id)
            insert into ledger.entries
            select id, number, 'X', now(), 'cash', null, 'EUR', amount
            from id, (values (1, 5), (2, -5)) as entry (number, amount)
            """));
        Assert.Equal("23503", refused.SqlState);
    }

    private async Task<World> Billed(bool inRun)
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Sign();
        await world.Record(world.Usage("1", "2026-10-05T12:00:00Z", "2.5"));
        await world.Bill("2026-10", inRun);
        return world;
    }

    private static object Opening(World world, string account, string? customer, string amount = "500.00") => new
    {
        legalEntity = world.Entity,
        day = "2026-10-01",
        account,
        customer,
        amount = new { amount, currency = "EUR" },
        description = "Taken over",
        reference = account == "receivables" ? "OLD-1" : null,
    };

    private async Task<string[]> Errors(object body)
    {
        var problem = await service.Provider.Post(
            $"{Path}/opening-balances", body, HttpStatusCode.UnprocessableEntity, $"bad-{World.Next()}");
        return problem.Errors();
    }

    private static string[] Entries(JsonNode booked) =>
    [
        .. booked["entries"]!.AsArray().OfType<JsonNode>().Select(entry =>
            $"{entry.Text("account")} {entry.Text("amount.amount")} {entry["detail"]}".TrimEnd()),
    ];

    private async Task<JsonNode> Balance(World world, string account)
    {
        var balance = await service.Provider.Get($"{Path}/trial-balance?legalEntity={world.Entity}");
        return balance["accounts"]!.AsArray().Single(each => each!.Text("account") == account)!;
    }

    private async Task AssertBalanced(World world)
    {
        var balance = await service.Provider.Get($"{Path}/trial-balance?legalEntity={world.Entity}");
        Assert.Equal("0.00", Assert.Single(balance["totals"]!.AsArray())!.Text("amount"));
    }
}
