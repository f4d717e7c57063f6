using Npgsql;
using ServiceMesh.Data;

namespace Data.Tests;

public sealed class TenantTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly Tenant Acme = Tenant.Customer("ACME");

    public async ValueTask InitializeAsync() => await fixture.Database.InTransaction(
        Tenant.Provider,
        transaction => transaction.Execute(
            """
            delete from samples.notes;
            insert into samples.notes (customer, note) values ('ACME', 'ours'), ('OTHER', 'theirs')
            """),
        default);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_provider_sees_every_row() =>
        Assert.Equal(["ours", "theirs"], await Notes(Tenant.Provider));

    [Fact]
    public async Task A_customer_sees_its_own_rows_without_a_where() =>
        Assert.Equal(["ours"], await Notes(Acme));

    [Fact]
    public async Task A_department_is_no_customer() =>
        Assert.Empty(await Notes(Tenant.Department("ACME")));

    [Fact]
    public async Task A_code_is_a_value_and_never_part_of_the_statement() =>
        Assert.Empty(await Notes(Tenant.Customer("x' or 'a' = 'a")));

    [Fact]
    public async Task A_customer_writes_its_own_rows()
    {
        await Write(Acme, "ACME");
        Assert.Equal(["ours", "new"], await Notes(Acme));
    }

    [Fact]
    public async Task A_customer_cannot_write_another_ones_rows()
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => Write(Acme, "OTHER"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task A_customer_reads_only_tables_that_a_migration_grants()
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => fixture.Database.Read(
            Acme, transaction => transaction.Query<int>("select value from samples.counters"), default));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public void A_tenant_has_a_code()
    {
        Assert.Throws<ArgumentException>(() => Tenant.Customer(" "));
        Assert.Throws<ArgumentNullException>(() => Tenant.Department(null!));
    }

    private Task<IReadOnlyList<string>> Notes(Tenant tenant) => fixture.Database.Read(
        tenant, transaction => transaction.Query<string>("select note from samples.notes order by id"), default);

    private Task<int> Write(Tenant tenant, string customer) => fixture.Database.InTransaction(
        tenant,
        transaction => transaction.Execute(
            "insert into samples.notes (customer, note) values (@customer, 'new')", new { customer }),
        default);
}
