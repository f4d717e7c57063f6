using InternalServices.Domain.Chargeback.CostImports;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>Reads a file as an import would and stores nothing: what each rule catches, and what none does.</summary>
public static class TryImport
{
    public const int MaxKinds = 50;

    internal const int MaxKindsKept = 10_000;

    public sealed record DryRun
    {
        public required string ContentSha256 { get; init; }

        /// <summary>As far as the columns tell.</summary>
        public required FocusVersion FocusVersion { get; init; }

        /// <summary>Version of the mapping rules that were applied.</summary>
        public required long MappingVersion { get; init; }

        public required long RowsRead { get; init; }

        public required long RowsRejected { get; init; }

        /// <summary>Exact sum of what would be imported.</summary>
        public required ExactMoney Total { get; init; }

        /// <summary>In the order in which they are asked.</summary>
        public required IReadOnlyList<RuleResult> Rules { get; init; }

        /// <summary>What no rule gives a pool; it would go to <c>UNMAPPED</c>.</summary>
        public required Catch Unmapped { get; init; }

        /// <summary>
        /// The 50 kinds of these rows that cost most; of at most 10,000 kinds, the first that were read.
        /// </summary>
        public required IReadOnlyList<UnmappedKind> UnmappedKinds { get; init; }

        /// <summary>What has a pool and no assignee; it would stand at <c>UNALLOCATED</c>.</summary>
        public required Catch Unassigned { get; init; }

        /// <summary>The first of them.</summary>
        public required IReadOnlyList<CostImport.Rejection> Rejections { get; init; }

        /// <summary>Imports of which something would be replaced.</summary>
        public required IReadOnlyList<Guid> Replaces { get; init; }
    }

    /// <summary>Rows and what they cost.</summary>
    public sealed record Catch
    {
        public required long Rows { get; init; }

        public required ExactMoney Amount { get; init; }
    }

    public sealed record RuleResult
    {
        public required string Code { get; init; }

        /// <summary>Whose pool it decided; none for a rule that decides no pool.</summary>
        public required Catch? Pool { get; init; }

        /// <summary>Whose assignee it decided; none for a rule that decides no assignee.</summary>
        public required Catch? Assignee { get; init; }
    }

    /// <summary>Rows without a pool that are alike.</summary>
    public sealed record UnmappedKind
    {
        public required string Provider { get; init; }

        public required string ServiceCategory { get; init; }

        public required string? ServiceSubcategory { get; init; }

        public required string ServiceName { get; init; }

        public required string? SubAccountId { get; init; }

        public required long Rows { get; init; }

        public required ExactMoney Amount { get; init; }
    }

    public static async Task<IResult> Handle(
        HttpRequest request, Database database, ProviderOptions provider, CancellationToken cancellationToken)
    {
        var body = await UnpackedBody.Open(request, cancellationToken);
        if (body.Problem is { } unknown) return unknown;

        var list = await database.Read(Tenant.Provider, GetMappingRules.Load, cancellationToken);
        var rules = new RuleTally(list.Rules, provider.Currency);
        var rates = new BookRates(database, provider.Currency, cancellationToken);
        var tally = new CostTally(list.ToMapping(), rates, rules);
        var file = await FocusFile.Read(body.Stream!, tally);
        if (file.Refusal is { } refusal) return Problem.Of(refusal);

        var replaced = await database.Read(
            Tenant.Provider,
            async transaction => (await StandingScopes.Covered(transaction, file.Value.Tally, except: null))
                .Select(scope => scope.ImportId).Distinct().ToArray(),
            cancellationToken);
        return Answer.Ok(Of(file.Value, list.Version, rules, replaced, provider.Currency));
    }

    private static DryRun Of(
        FocusFile file, long mappingVersion, RuleTally rules, Guid[] replaced, Currency books) => new()
        {
            ContentSha256 = Convert.ToHexStringLower(file.Sha256),
            FocusVersion = file.Version,
            MappingVersion = mappingVersion,
            RowsRead = file.Tally.RowsRead,
            RowsRejected = file.Tally.RowsRejected,
            Total = ExactMoney.Of(file.Tally.Sums.Sum(sum => sum.Key.Booked(sum.Value)), books),
            Rules = rules.Results,
            Unmapped = rules.Unmapped,
            UnmappedKinds = rules.UnmappedKinds,
            Unassigned = rules.Unassigned,
            Rejections = [.. file.Tally.Rejections.Take(CostImport.InlineRejections)],
            Replaces = replaced,
        };
}
