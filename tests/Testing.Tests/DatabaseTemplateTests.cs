using Npgsql;
using Testing.Databases;

namespace Testing.Tests;

public sealed class DatabaseTemplateTests
{
    private int _migrated;

    [Fact]
    public async Task Databases_are_copies_of_one_migrated_template_and_know_nothing_of_each_other()
    {
        var template = Template();
        await using var one = await template.CreateDatabase();
        await using var other = await template.CreateDatabase();

        await Execute(one.AppConnectionString, "insert into proof.facts values (1)");

        Assert.Equal(1L, await Scalar(one.AppConnectionString, "select count(*) from proof.facts"));
        Assert.Equal(0L, await Scalar(other.AppConnectionString, "select count(*) from proof.facts"));
        Assert.Equal(1, _migrated);
    }

    [Fact]
    public async Task A_database_is_gone_when_its_test_is_over()
    {
        var database = await Template().CreateDatabase();
        await database.DisposeAsync();

        var failure = await Assert.ThrowsAsync<PostgresException>(
            () => Scalar(database.AppConnectionString, "select 1"));
        Assert.Equal(PostgresErrorCodes.InvalidCatalogName, failure.SqlState);
    }

    [Fact]
    public async Task Two_processes_with_the_same_migrations_share_a_template()
    {
        await using var first = await Template().CreateDatabase();
        await using var second = await Template().CreateDatabase();

        Assert.Equal(1, _migrated);
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_no_template_behind()
    {
        var fingerprint = $"broken{Guid.CreateVersion7(Clock.System.GetUtcNow()):n}";
        var broken = new DatabaseTemplate("gateway", fingerprint, _ => throw new InvalidOperationException("broken"));
        await Assert.ThrowsAsync<InvalidOperationException>(broken.CreateDatabase);

        var whole = new DatabaseTemplate("gateway", fingerprint, Migrate);
        await using var database = await whole.CreateDatabase();

        Assert.Equal(0L, await Scalar(database.AppConnectionString, "select count(*) from proof.facts"));
    }

    private readonly string _fingerprint = $"{Guid.CreateVersion7(Clock.System.GetUtcNow()):n}";

    private DatabaseTemplate Template() => new("internal_services", _fingerprint, Migrate);

    private async Task Migrate(TestDatabase database)
    {
        _migrated++;
        await Execute(
            database.OwnerConnectionString,
            $"""
            create schema proof;
            create table proof.facts (number int primary key);
            grant usage on schema proof to {database.AppRole};
            grant select, insert on proof.facts to {database.AppRole};
            """);
    }

    private static async Task Execute(string connectionString, string sql) => await Scalar(connectionString, sql);

    private static async Task<object?> Scalar(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
