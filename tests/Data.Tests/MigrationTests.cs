using DbUp.Engine;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Testing.Databases;
using Migrations = ServiceMesh.Data.Migrations;

namespace Data.Tests;

public sealed class MigrationTests : IAsyncLifetime
{
    private static readonly DatabaseTemplate Empty = new("internal_services", "empty", _ => Task.CompletedTask);

    private static readonly SqlScript Table = new("A.0001-table.sql", """
        create schema things;
        create table things.things (id int generated always as identity primary key, name text not null);
        create function things.count() returns bigint language plpgsql as $body$
        begin
          return (select count(*) from things.things);
        end
        $body$;
        """);

    private TestDatabase? _database;

    public async ValueTask InitializeAsync() => _database = await Empty.CreateDatabase();

    public async ValueTask DisposeAsync() => await _database!.DisposeAsync();

    [Fact]
    public async Task Each_runs_once()
    {
        await Run(Table);
        await Run(Table, new SqlScript("A.0002-row.sql", "insert into things.things (name) values ('one')"));
        await Run(Table, new SqlScript("A.0002-row.sql", "insert into things.things (name) values ('one')"));
        Assert.Equal(1L, await Scalar("select things.count()"));
    }

    [Fact]
    public async Task They_run_in_the_order_given_whatever_their_names()
    {
        await Run(
            new SqlScript("Z.0001-first.sql", Table.Contents),
            new SqlScript("A.0001-second.sql", "insert into things.things (name) values ('two')"));
        Assert.Equal(1L, await Scalar("select things.count()"));
    }

    [Fact]
    public async Task Two_processes_at_once_are_safe()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Run(Table))));
        Assert.Equal(1L, await Scalar("select count(*) from migrations.journal"));
    }

    [Fact]
    public async Task Nothing_of_a_failed_one_stays_and_it_is_named()
    {
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => Run(
            Table,
            new SqlScript("A.0002-broken.sql", "insert into things.things (name) values ('half'); select 1 / 0;"),
            new SqlScript("A.0003-later.sql", "insert into things.things (name) values ('later')")));
        Assert.Contains("A.0002-broken.sql", failed.Message, StringComparison.Ordinal);
        Assert.Equal(0L, await Scalar("select things.count()"));
        Assert.Equal(1L, await Scalar("select count(*) from migrations.journal"));
    }

    [Fact]
    public async Task After_a_failure_another_can_go_on()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Run(new SqlScript("A.0001-broken.sql", "select 1 / 0")));
        await Run(Table);
        Assert.Equal(0L, await Scalar("select things.count()"));
    }

    [Fact]
    public async Task The_application_works_with_the_tables_and_cannot_change_them()
    {
        await Run(Table);
        var app = _database!.AppConnectionString;
        await Execute(app, "insert into things.things (name) values ('a')");
        await Execute(app, "update things.things set name = 'b'");
        await Execute(app, "delete from things.things");
        await AssertRefused(app, "alter table things.things add column more int");
        await AssertRefused(app, "create table things.others ()");
        await AssertRefused(app, "truncate things.things");
        await AssertRefused(app, "delete from migrations.journal");
    }

    [Fact]
    public async Task A_tenant_may_do_nothing_that_no_migration_grants()
    {
        await Run(Table);
        await AssertRefused(
            _database!.AppConnectionString, "set role internal_services_tenant; select name from things.things");
    }

    [Fact]
    public async Task An_assembly_without_migrations_is_a_mistake() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Migrations.Run(
            _database!.OwnerConnectionString, NullLogger.Instance, default, typeof(Assert).Assembly));

    private Task Run(params SqlScript[] scripts) =>
        Migrations.Run(_database!.OwnerConnectionString, scripts, NullLogger.Instance, default);

    private static async Task AssertRefused(string connectionString, string sql)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => Execute(connectionString, sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    private async Task<object?> Scalar(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_database!.OwnerConnectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static async Task Execute(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
