using System.Reflection;
using System.Text.RegularExpressions;
using DbUp.Engine;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ServiceMesh.Data;

/// <summary>
/// Brings a database to the shape its service expects: numbered SQL files that the assemblies embed from their folder
/// <c>Migrations</c>, each run once, as the owner, in a transaction of its own.
/// </summary>
public static partial class Migrations
{
    private const string JournalSchema = "migrations";

    /// <summary>Any number, the same for all who migrate: one waits for the other.</summary>
    private const long Lock = 7_164_002;

    /// <summary>
    /// What the application may do in every schema. A tenant may do what a migration grants it, no more.
    /// </summary>
    private const string Prepare = $"""
        create schema if not exists {JournalSchema};
        do $$
        declare app text := replace(current_user, '_owner', '_app');
        begin
          execute format('alter default privileges grant usage on schemas to %I', app);
          execute format('alter default privileges grant select, insert, update, delete on tables to %I', app);
          execute format('alter default privileges grant usage, select on sequences to %I', app);
        end $$
        """;

    /// <summary>Runs what has not run yet, the assemblies in this order. Two processes at once are safe.</summary>
    /// <exception cref="InvalidOperationException">A migration failed; nothing of it stays.</exception>
    public static Task Run(
        string ownerConnectionString, ILogger logger, CancellationToken cancellation, params Assembly[] assemblies) =>
        Run(ownerConnectionString, [.. assemblies.SelectMany(ScriptsOf)], logger, cancellation);

    internal static async Task Run(
        string ownerConnectionString, SqlScript[] scripts, ILogger logger, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(ownerConnectionString);
        await using var locked = await source.OpenConnectionAsync(cancellation);
        await Execute(locked, $"select pg_advisory_lock({Lock})", cancellation);
        await Execute(locked, Prepare, cancellation);

        // It waits for its sockets without leaving the thread, which must not be one that the sockets themselves need.
        await Task.Run(() => Upgrade(source, scripts, logger), cancellation);
        await Execute(locked, $"select pg_advisory_unlock({Lock})", cancellation);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        // Waiting for another's migration may take as long as that migration.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static void Upgrade(NpgsqlDataSource source, SqlScript[] scripts, ILogger logger)
    {
        var connections = new DbUp.Postgresql.PostgresqlConnectionManager(source);
        var result = PostgresqlExtensions.PostgresqlDatabase(connections)
            .WithScripts(scripts.Select(InOrder))
            .WithTransactionPerScript()
            .WithExecutionTimeout(TimeSpan.Zero)
            .WithVariablesDisabled()
            .JournalTo((manager, log) => new MigrationJournal(manager, log, JournalSchema))
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        foreach (var script in result.Scripts) Migrated(logger, script.Name);
        if (!result.Successful)
        {
            throw new InvalidOperationException(
                $"The migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
        }
    }

    /// <summary>Otherwise the names of the assemblies would decide.</summary>
    private static SqlScript InOrder(SqlScript script, int number) =>
        new(script.Name, script.Contents, new SqlScriptOptions { RunGroupOrder = number });

    private static SqlScript[] ScriptsOf(Assembly assembly)
    {
        SqlScript[] scripts =
        [
            .. from resource in assembly.GetManifestResourceNames()
               let file = FileName().Match(resource)
               where file.Success
               orderby file.Value
               select new SqlScript($"{assembly.GetName().Name}{file.Value}", Text(assembly, resource)),
        ];
        var numbers = scripts.CountBy(script => FileNumber().Match(script.Name).Value).Where(count => count.Value > 1);
        return scripts.Length == 0 ? throw new ArgumentException($"{assembly} embeds no migrations.", nameof(assembly))
            : numbers.Any()
            ? throw new ArgumentException($"{assembly} has two migrations of one number.", nameof(assembly))
            : scripts;
    }

    private static string Text(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"(?<=\.Migrations)\.\d{4}-[a-z0-9-]+\.sql$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"\d{4}(?=-[a-z0-9-]+\.sql$)")]
    private static partial Regex FileNumber();

    [LoggerMessage(LogLevel.Information, "Migrated {Script}")]
    private static partial void Migrated(ILogger logger, string script);
}
