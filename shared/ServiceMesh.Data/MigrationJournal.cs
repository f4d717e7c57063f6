using DbUp.Engine.Output;
using DbUp.Engine.Transactions;
using DbUp.Postgresql;

namespace ServiceMesh.Data;

/// <summary>Which migrations ran, and when by the database's clock.</summary>
internal sealed class MigrationJournal(Func<IConnectionManager> connections, Func<IUpgradeLog> log, string schema)
    : PostgresqlTableJournal(connections, log, schema, "journal")
{
    protected override string CreateSchemaTableSql(string quotedPrimaryKeyName) =>
        $"create table {FqSchemaTableName} (script text primary key, applied_at timestamptz not null default now())";

    protected override string GetInsertJournalEntrySql(string scriptName, string applied) =>
        $"insert into {FqSchemaTableName} (script) values ({scriptName})";

    protected override string GetJournalEntriesSql() => $"select script from {FqSchemaTableName} order by script";
}
