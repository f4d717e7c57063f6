using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>Imports a FOCUS file: exact sums by month, pool and bearer; the rows themselves are not kept.</summary>
public static class ImportCosts
{
    public const long MaxFileBytes = 2L * 1024 * 1024 * 1024;

    /// <summary>Imports follow each other, so that each sees what the one before has replaced.</summary>
    internal const string LockImports = "select pg_advisory_xact_lock(hashtext('chargeback.cost_imports'))";

    public static async Task<IResult> Handle(
        HttpRequest request,
        bool? supplement,
        Caller caller,
        Database database,
        ProviderOptions provider,
        CancellationToken cancellationToken)
    {
        var body = await UnpackedBody.Open(request, cancellationToken);
        if (body.Problem is { } unknown) return unknown;

        var rules = await database.Read(Tenant.Provider, GetMappingRules.Load, cancellationToken);
        var rates = new BookRates(database, provider.Currency, cancellationToken);
        var file = await FocusFile.Read(body.Stream!, new CostTally(rules.ToMapping(), rates));
        if (file.Refusal is { } refusal) return Problem.Of(refusal);

        var rows = new ImportRows(file.Value, rules.Version, provider.Currency, caller.Subject);
        var saved = await database.InTransaction(
            Tenant.Provider, transaction => Save(transaction, rows, supplement ?? false), cancellationToken);
        var import = await database.Read(
            Tenant.Provider, transaction => GetCostImport.Load(transaction, saved.Id), cancellationToken);
        return saved.IsNew ? Answer.Created($"/internal/v1/cost-imports/{saved.Id}", import!) : Answer.Ok(import!);
    }

    /// <summary>A file that stands, or that another has replaced, changes nothing when it comes again.</summary>
    private static async Task<Saved> Save(Transaction transaction, ImportRows rows, bool supplement)
    {
        await transaction.Execute(LockImports);
        if (await transaction.SingleOrDefault<Guid?>(SelectSame, new { rows.File.Sha256 }) is { } same)
        {
            return new Saved(same, IsNew: false);
        }

        var months = await OpenMonths.Hold(transaction);
        var id = Guid.CreateVersion7(transaction.Now);
        var replaced = supplement ? [] : await StandingScopes.Covered(transaction, rows.File.Tally, except: id);
        await rows.Insert(transaction, id, supplement, months);
        await StandingScopes.Cancel(transaction, months, replaced, rows.Subject);
        await transaction.Execute(
            UpdateReplaced,
            new
            {
                Id = id,
                Imports = replaced.Select(scope => scope.ImportId).ToArray(),
                Positions = replaced.Select(scope => scope.Position).ToArray(),
            });
        return new Saved(id, IsNew: true);
    }

    private sealed record Saved(Guid Id, bool IsNew);

    // What replaced it counts for it: otherwise a repeated upload of the first file would undo its correction.
    private const string SelectSame = """
        select import.id
        from chargeback.cost_imports import
        where import.content_sha256 = @Sha256 and import.reversed_at is null
            and (import.rows_imported = 0 or exists (
                select
                from chargeback.cost_import_scopes scope
                left join chargeback.cost_imports replacement on replacement.id = scope.replaced_by
                where scope.import_id = import.id and replacement.reversed_at is null))
        order by import.id desc
        limit 1
        """;

    private const string UpdateReplaced = """
        update chargeback.cost_import_scopes scope
        set replaced_by = @Id
        from unnest(@Imports, @Positions) as replaced (import, position)
        where scope.import_id = replaced.import and scope.position = replaced.position
        """;
}
