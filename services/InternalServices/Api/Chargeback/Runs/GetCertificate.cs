using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>Proof that nothing leaked: what the pools cost is borne by somebody, to the minor unit.</summary>
public static class GetCertificate
{
    public sealed record Certificate
    {
        public required Guid RunId { get; init; }

        public required Period Month { get; init; }

        public required Money PoolTotal { get; init; }

        public required Money DepartmentTotal { get; init; }

        public required Money ExternalShare { get; init; }

        public required Money Unallocated { get; init; }

        /// <summary>Pools less departments, external share and unallocated; always zero.</summary>
        public required Money Difference { get; init; }

        /// <summary>Records that the pools' costs are the sum of.</summary>
        public required long EntryRows { get; init; }

        public required int Pools { get; init; }

        /// <summary>Driver quantities.</summary>
        public required int Drivers { get; init; }

        public required int Lines { get; init; }

        /// <summary>SHA-256 over everything that the run was calculated from.</summary>
        public required string InputHash { get; init; }

        /// <summary>Version of the rule set.</summary>
        public required long RuleSet { get; init; }

        /// <summary>Changes whenever the same inputs could give another run.</summary>
        public required string EngineVersion { get; init; }
    }

    public static async Task<IResult> Handle(Guid id, Database database, CancellationToken cancellationToken)
    {
        var row = await database.Read(
            Tenant.Provider,
            transaction => transaction.SingleOrDefault<Row>(Select, new { Id = id }),
            cancellationToken);
        return Answer.OfResource(row?.ToCertificate(), "run", $"{id}");
    }

    private sealed record Row
    {
        public required Guid Id { get; init; }

        public required Period Month { get; init; }

        public required Currency Currency { get; init; }

        public required decimal PoolTotal { get; init; }

        public required decimal DepartmentTotal { get; init; }

        public required decimal ExternalShare { get; init; }

        public required decimal Unallocated { get; init; }

        public required long EntryRows { get; init; }

        public required int Pools { get; init; }

        public required int Drivers { get; init; }

        public required int Lines { get; init; }

        public required string InputHash { get; init; }

        public required long RuleSetVersion { get; init; }

        public required string EngineVersion { get; init; }

        public Certificate ToCertificate() => new()
        {
            RunId = Id,
            Month = Month,
            PoolTotal = Booked(PoolTotal),
            DepartmentTotal = Booked(DepartmentTotal),
            ExternalShare = Booked(ExternalShare),
            Unallocated = Booked(Unallocated),
            Difference = Booked(PoolTotal - DepartmentTotal - ExternalShare - Unallocated),
            EntryRows = EntryRows,
            Pools = Pools,
            Drivers = Drivers,
            Lines = Lines,
            InputHash = InputHash,
            RuleSet = RuleSetVersion,
            EngineVersion = EngineVersion,
        };

        private Money Booked(decimal amount) => new Money(amount, Currency);
    }

    private const string Select = """
        select id, month, currency, pool_total, department_total, external_share, unallocated, entry_rows, pools,
            drivers, lines, input_hash, rule_set_version, engine_version
        from chargeback.runs
        where id = @Id
        """;
}
