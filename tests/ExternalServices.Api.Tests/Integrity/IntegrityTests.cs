using System.Net;
using System.Text.Json.Nodes;
using ExternalServices.Api.Tests.Billing;
using Npgsql;
using Testing;

namespace ExternalServices.Api.Tests.Integrity;

/// <summary>What the owner of the database changes by hand is found, and nothing else.</summary>
public sealed class IntegrityTests(ManipulatedService service) : IClassFixture<ManipulatedService>
{
    private const string Checks = "/external/v1/integrity/checks";

    /// <summary>What is done to a legal entity's rows, and which checks find it.</summary>
    public static TheoryData<string, string> Manipulations => new()
    {
        {
            "update billing.invoices set net = net + 1, gross = gross + 1 where id = '{invoice}'",
            "hashChain, documentTotals, documentsBooked"
        },
        { "update billing.invoices set due_date = due_date + 30 where id = '{invoice}'", "hashChain" },
        { "update billing.invoice_lines set description = 'Other' where invoice = '{invoice}'", "hashChain" },
        {
            "update billing.invoice_lines set net = net - 1 where invoice = '{invoice}' and number = 1",
            "hashChain, documentTotals"
        },
        { "update billing.invoice_taxes set reason = 'Exempt' where invoice = '{invoice}'", "hashChain" },
        { "update billing.credit_notes set reason = 'Other' where customer = '{customer}'", "hashChain" },
        {
            """
            delete from billing.invoice_taxes where invoice = '{other}';
            delete from billing.invoice_lines where invoice = '{other}';
            delete from billing.invoices where id = '{other}'
            """,
            "numberGaps, hashChain"
        },
        { "update parties.number_series set next_number = 9 where legal_entity = '{entity}'", "numberGaps" },
        { "update billing.invoices set issue_date = issue_date - 1 where id = '{other}'", "numberGaps, hashChain" },
        { "update integrity.document_seals set hash = sha256('x') where document = '{invoice}'", "hashChain" },
        { "delete from integrity.document_seals where document = '{invoice}'", "hashChain" },
        {
            """
            update ledger.entries set amount = amount + 1
            where legal_entity = '{entity}' and account = 'cash' and amount > 0
            """,
            "ledgerSums"
        },
        {
            """
            delete from ledger.entries where transaction = '{invoice}';
            delete from ledger.transactions where id = '{invoice}'
            """,
            "documentsBooked"
        },
        { "update billing.invoices set paid = 0 where id = '{invoice}'", "settlements" },
        { "update billing.invoices set credited = 0 where id = '{invoice}'", "settlements" },
        { "update payments.funds set available = 0 where customer = '{customer}'", "settlements" },
        { "update payments.allocations set released_at = now() where customer = '{customer}'", "settlements" },
        { "update revenue.recognitions set amount = amount - 1 where customer = '{customer}'", "revenueBooked" },
        { "delete from usage.events where customer = '{customer}'", "usageOfLines" },
        {
            """
            insert into usage.events (customer, source, id, service, at, quantity, cost_month, batch, accepted_at)
            values ('{customer}', 'x', 'x', 'STORAGE', '2026-03-05', 1, '2026-03-01', 0, now())
            """,
            "usageOfLines"
        },
        {
            """
            update billing.invoice_lines set usage_from = '2026-03-30'
            where invoice = '{other}' and usage_from is not null
            """,
            "hashChain, usageBilledTwice"
        },
    };

    [Theory]
    [MemberData(nameof(Manipulations))]
    public async Task A_row_changed_by_hand_is_found(string sql, string checks)
    {
        var (world, invoice, other) = await Issued();
        await AsOwner(sql
            .Replace("{invoice}", invoice.Text("id"), StringComparison.Ordinal)
            .Replace("{other}", other.Text("id"), StringComparison.Ordinal)
            .Replace("{entity}", world.Entity, StringComparison.Ordinal)
            .Replace("{customer}", world.Customer, StringComparison.Ordinal));
        Assert.Equal(checks, await Found(world));
    }

    [Fact]
    public async Task The_offender_is_named()
    {
        var (world, invoice, _) = await Issued();
        await AsOwner($"update billing.invoices set due_date = due_date + 30 where id = '{invoice.Text("id")}'");
        var report = await world.Provider.Get($"{Checks}?legalEntity={world.Entity}");
        Assert.False(report["isSound"]!.GetValue<bool>());
        var chain = report["checks"]!.AsArray().Single(check => check!.Text("check") == "hashChain")!;
        Assert.Equal(["3", "1"], [chain.Text("examined"), chain.Text("offenders")]);
        Assert.Equal(
            [invoice.Text("number"), "the document was altered"],
            [chain.Text("found.0.subject"), chain.Text("found.0.detail")]);
    }

    [Fact]
    public async Task Documents_that_change_places_are_found_both()
    {
        var (world, invoice, other) = await Issued();
        await AsOwner(
            $"""
            update billing.invoices set sequence = 99 where id = '{invoice.Text("id")}';
            update billing.invoices set sequence = 1, number = '{invoice.Text("number")}'
            where id = '{other.Text("id")}';
            update billing.invoices set sequence = 2, number = '{other.Text("number")}'
            where id = '{invoice.Text("id")}'
            """);
        var report = await world.Provider.Get($"{Checks}?legalEntity={world.Entity}");
        var chain = report["checks"]!.AsArray().Single(check => check!.Text("check") == "hashChain")!;
        Assert.Equal(
            ["the document is in another place", "the document is in another place"],
            chain["found"]!.AsArray().Select(found => found!.Text("detail")));
    }

    [Fact]
    public async Task Usage_that_came_after_its_invoice_is_told_until_it_is_billed()
    {
        var (world, _, _) = await Issued();
        await world.Record(world.Usage("late", "2026-03-06T12:00:00Z", "1"));
        Assert.Equal("usageNeverBilled", await Found(world));
        await world.Bill("2026-05");
        Assert.Equal("", await Found(world));
    }

    [Fact]
    public async Task Usage_that_was_taken_out_is_not_missed()
    {
        var (world, _, _) = await Issued();
        await world.Record(
            world.Usage("wrong", "2026-05-06T12:00:00Z", "1"), world.Usage("right", "2026-05-07T12:00:00Z", "1"));
        await Void(world, "wrong");
        await world.Bill("2026-05");
        await Void(world, "1");
        Assert.Equal("", await Found(world));
        await world.Bill("2026-06");
        Assert.Equal("", await Found(world));
    }

    [Fact]
    public async Task The_last_hash_of_a_series_depends_on_every_document_before()
    {
        var (world, _, _) = await Issued();
        var chains = (await world.Provider.Get($"/external/v1/integrity/chains?legalEntity={world.Entity}"))["items"]!;
        Assert.Equal(
            ["creditNote 1", "invoice 2"],
            chains.AsArray().Select(chain => $"{chain!.Text("documentType")} {chain!.Text("sequence")}"));
        var before = chains[1]!.Text("hash");
        Assert.Equal(64, before.Length);
        await world.Bill("2026-05");
        Assert.Equal("", await Found(world));
        chains = (await world.Provider.Get($"/external/v1/integrity/chains?legalEntity={world.Entity}"))["items"]!;
        Assert.NotEqual(before, chains[1]!.Text("hash"));
        await world.Provider.Get($"{Checks}?legalEntity=NOBODY", HttpStatusCode.NotFound);
        await service.As(world.Customer).Get(Checks, HttpStatusCode.Forbidden);
    }

    /// <summary>Two invoices, one of them partly credited, paid and recognised as revenue.</summary>
    private async Task<(World World, JsonNode Invoice, JsonNode Other)> Issued()
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Sign();
        await world.Record(
            world.Usage("1", "2026-03-05T12:00:00Z", "2.5"), world.Usage("2", "2026-04-05T12:00:00Z", "4"));
        await world.Bill("2026-03");
        await world.Bill("2026-04");
        var invoices = await world.Invoices();
        var (invoice, other) = (invoices[0]!, invoices[1]!);
        await world.Credit(invoice, Money.Credit(1, "10.00"));
        await world.Pay("60.00", invoice, use: "50.00");
        await world.Provider.Post(
            "/external/v1/revenue/recognition-runs",
            new { legalEntity = world.Entity, month = "2026-03" },
            key: Money.Key());
        Assert.Equal("", await Found(world));
        return (world, invoice, other);
    }

    /// <summary>The names of the checks that found something, once all documents are sealed.</summary>
    private static async Task<string> Found(World world)
    {
        var report = await Eventually.Gives(
            () => world.Provider.Get($"{Checks}?legalEntity={world.Entity}"), read => read.Text("unsealed") == "0");
        var found = report["checks"]!.AsArray()
            .Where(check => check!.Text("offenders") != "0")
            .Select(check => check!.Text("check"));
        Assert.Equal(10, report["checks"]!.AsArray().Count);
        return string.Join(", ", found);
    }

    private static Task<JsonNode> Void(World world, string id) => world.Provider.Post(
        $"/external/v1/usage-events/{world.Customer}/meter/{id}/void",
        new { reason = "A test of ours" },
        HttpStatusCode.OK,
        Money.Key());

    /// <summary>The owner can put guards aside, and does.</summary>
    private async Task AsOwner(string sql)
    {
        string[] tables =
        [
            "billing.invoices", "billing.invoice_lines", "billing.invoice_taxes", "billing.credit_notes",
            "integrity.document_seals", "ledger.entries", "ledger.transactions", "payments.funds",
            "payments.allocations", "revenue.recognitions", "usage.events",
        ];
        await using var connection = new NpgsqlConnection(service.Database.OwnerConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        string[] steps =
        [
            // Else the service seals meanwhile, and each waits for the other.
            "select pg_advisory_xact_lock(7164019)",
            .. tables.SelectMany(table => new[]
            {
                $"alter table {table} no force row level security", $"alter table {table} disable trigger user",
            }),
            sql,
            .. tables.SelectMany(table => new[]
            {
                $"alter table {table} force row level security", $"alter table {table} enable trigger user",
            }),
        ];
        await using var command = new NpgsqlCommand(string.Join(";\n", steps), connection);
        await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }
}

/// <summary>A service whose rows only these tests change by hand.</summary>
public sealed class ManipulatedService : ExternalService;
