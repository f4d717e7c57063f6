using Dapper;
using Npgsql;
using ServiceMesh.Data;

namespace ExternalServices.Api.Tests;

/// <summary>The second wall: what the database itself shows a customer, whatever a query forgets to ask.</summary>
public sealed class IsolationTests(ExternalService service)
{
    private const string TenantReadable = """
        select format('%I.%I', n.nspname, c.relname)
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and has_table_privilege('external_services_tenant', c.oid, 'select')
            and n.nspname not in ('pg_catalog', 'information_schema')
        order by 1
        """;

    /// <summary>What every customer may see alike.</summary>
    private static readonly string[] Shared =
    [
        "catalogue.services", "parties.legal_entities", "parties.legal_entity_details", "usage.frozen_months",
        "hosting.idempotency_keys",
    ];

    [Fact]
    public async Task A_query_without_a_condition_shows_a_customer_its_own_rows_only()
    {
        var mine = await Busy();
        var other = await Busy();
        foreach (var table in await Tables())
        {
            var rows = await Visible(Tenant.Customer(mine.Customer), table);
            Assert.True(rows.Length > 0, $"{table} shows {mine.Customer} nothing.");
            Assert.True(!Array.Exists(rows, row => IsOf(other, row)), $"{table} shows {mine.Customer} rows of others.");
            Assert.Contains(await Visible(Tenant.Provider, table), row => IsOf(other, row));
        }
    }

    private static bool IsOf(World world, string row) => new[] { world.Customer, world.Plan }
        .Any(code => row.Split('(', ')', ',', '"').Any(column => column == code || column == world.Contract));

    [Fact]
    public async Task A_transaction_that_names_no_customer_sees_nothing()
    {
        await Busy();
        await using var connection = new NpgsqlConnection(service.Database.AppConnectionString);
        await connection.OpenAsync();
        await connection.ExecuteAsync("set role external_services_tenant");
        foreach (var table in await Tables())
        {
            Assert.Equal(0, await connection.ExecuteScalarAsync<long>($"select count(*) from {table}"));
        }
    }

    [Fact]
    public async Task A_customer_cannot_write_for_another()
    {
        var (mine, other) = (await Busy(), await Busy());
        var forged = await Assert.ThrowsAsync<PostgresException>(() => service.Data.InTransaction(
            Tenant.Customer(mine.Customer),
            transaction => transaction.Execute(
                """
                insert into usage.events (
                    customer, source, id, service, at, quantity, cost_month, batch, accepted_at)
                values (@Customer, 's', 'forged', 'STORAGE', now(), 1, '2026-10-01', 0, now())
                """,
                new { other.Customer }),
            CancellationToken.None));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, forged.SqlState);
    }

    [Fact]
    public async Task No_role_of_the_service_stands_above_the_policies()
    {
        await using var connection = new NpgsqlConnection(service.Database.SuperuserConnectionString);
        var above = await connection.QueryAsync<string>(
            "select rolname from pg_roles where rolname like 'external_services_%' and (rolsuper or rolbypassrls)");
        Assert.Empty(above);
        var open = await connection.QueryAsync<string>(
            $"""
            select readable from ({TenantReadable}) as tables (readable)
            join pg_class c on c.oid = readable::regclass
            where not (c.relrowsecurity and c.relforcerowsecurity)
            """);
        Assert.Empty(open.Except(Shared));
    }

    /// <summary>A customer with a row in every table.</summary>
    private async Task<World> Busy()
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Publish(
            world.Plan,
            [World.Flat("BASE", "100.00", "inAdvance"), World.PerUnit("STORAGE", "0.25")],
            commitments: new { code = "MINIMUM", service = "STORAGE", description = "Minimum", amount = "1" });
        await world.SignOn(world.Plan, world.Contract, "2026-01-01");
        await service.Provider.Post(
            $"/external/v1/contracts/{world.Contract}/cancel",
            new { on = "2199-01-01" },
            System.Net.HttpStatusCode.OK,
            world.Contract);
        await world.Record(
            world.Usage("1", "2026-10-05T12:00:00Z", "3"), world.Usage("2", "2026-10-05T12:00:00Z", "9"));
        await service.Provider.Post(
            $"/external/v1/usage-events/{world.Customer}/meter/2/void",
            new { reason = "Counted twice" },
            System.Net.HttpStatusCode.OK,
            $"void-{world.Customer}");
        await world.Bill("2026-10");
        await service.Provider.Post(
            $"/external/v1/customers/{world.Customer}/tax-exemptions", new { reason = "Charity", from = "2030-01-01" });
        await Pay(world);
        await world.Provider.Post(
            "/external/v1/ledger/opening-balances",
            new
            {
                legalEntity = world.Entity,
                day = "2026-01-01",
                account = "receivables",
                customer = world.Customer,
                amount = new { amount = "1.00", currency = "EUR" },
                description = "Taken over",
                reference = "OLD-1",
            },
            key: $"open-{world.Customer}");
        return world;
    }

    /// <summary>Money in, used, credited and paid back.</summary>
    private async Task Pay(World world)
    {
        var invoice = await world.TheInvoice();
        var payment = new
        {
            customer = world.Customer,
            amount = new { amount = "500.00", currency = "EUR" },
            receivedOn = "2026-11-01",
            reference = "Transfer",
            allocations = new[] { new { invoice = invoice.Text("number"), amount = invoice.Text("gross.amount") } },
        };
        await service.Provider.Post("/external/v1/payments", payment, key: $"pay-{world.Customer}");
        var credit = new { reason = "x", lines = new[] { new { number = 1, amount = "10.00" } }, refund = "12.10" };
        await service.Provider.Post(
            $"/external/v1/invoices/{invoice.Text("id")}/credit-notes", credit, key: $"credit-{world.Customer}");
        await service.Sql(
            $"""
            insert into billing.dunning_notices (
                id, invoice, customer, legal_entity, level, day, currency, due, fee, created_at)
            values (
                gen_random_uuid(), '{invoice.Text("id")}', '{world.Customer}', '{world.Entity}', 1, now(), 'EUR', 1, 0,
                now())
            """);
    }

    private async Task<string[]> Tables()
    {
        await using var connection = new NpgsqlConnection(service.Database.SuperuserConnectionString);
        var tables = (await connection.QueryAsync<string>(TenantReadable)).Except(Shared).ToArray();
        Assert.True(tables.Length >= 10, string.Join(' ', tables));
        return tables;
    }

    private async Task<string[]> Visible(Tenant tenant, string table) =>
        [
            .. await service.Data.Read(
                tenant,
                transaction => transaction.Query<string>($"select t::text from {table} t"),
                CancellationToken.None),
        ];
}
