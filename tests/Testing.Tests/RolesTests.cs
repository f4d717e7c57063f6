using Npgsql;
using Testing.Servers;

namespace Testing.Tests;

/// <summary>What deploy/postgres/init.sql promises, on the server that it has prepared for the tests.</summary>
public sealed class RolesTests
{
    public static TheoryData<string> Databases => ["internal_services", "external_services", "gateway"];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task No_role_of_the_mesh_is_mightier_than_its_rules(string database)
    {
        const string Mighty =
            """
            select coalesce(string_agg(rolname, ', '), '') from pg_roles
            where rolname = any(@roles) and (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication)
            """;
        string[] roles = [$"{database}_owner", $"{database}_app", $"{database}_tenant"];

        Assert.Equal(3L, await Scalar("select count(*) from pg_roles where rolname = any(@roles)", roles));
        Assert.Equal("", await Scalar(Mighty, roles));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_service_becomes_the_tenant_and_holds_its_rights_only_then(string database)
    {
        const string Membership =
            """
            select rolcanlogin::text || ' ' || (select rolinherit from pg_roles where rolname = @app)::text
                || ' ' || pg_has_role(@app, oid, 'member')::text || ' ' || pg_has_role(@app, oid, 'usage')::text
            from pg_roles where rolname = @tenant
            """;
        await using var connection = await Open();
        await using var command = new NpgsqlCommand(Membership, connection)
        {
            Parameters = { new("app", $"{database}_app"), new("tenant", $"{database}_tenant") },
        };

        Assert.Equal("false false true false", await command.ExecuteScalarAsync());
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Each_database_belongs_to_its_owner_and_is_closed_to_the_other_services(string database)
    {
        const string Admitted =
            """
            select string_agg(rolname, ',' order by rolname) from pg_roles
            where rolname ~ '_(owner|app|tenant)$' and has_database_privilege(rolname, @roles[1], 'connect')
            """;

        Assert.Equal($"{database}_app,{database}_owner", await Scalar(Admitted, [database]));
        Assert.Equal(
            $"{database}_owner",
            await Scalar(
                "select pg_get_userbyid(datdba)::text from pg_database where datname = @roles[1]", [database]));
    }

    private static async Task<object?> Scalar(string sql, string[] roles)
    {
        await using var connection = await Open();
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new("roles", roles) } };
        return await command.ExecuteScalarAsync();
    }

    private static async Task<NpgsqlConnection> Open()
    {
        var connection = new NpgsqlConnection((await TestServers.Find()).Postgres.ConnectionString("postgres"));
        await connection.OpenAsync();
        return connection;
    }
}
