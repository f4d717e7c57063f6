namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>Proof that nothing leaked: the pools' total is borne by somebody, to the minor unit.</summary>
public sealed record Certificate
{
    public required decimal PoolTotal { get; init; }

    /// <summary>What the departments of the provider's own organisation bear.</summary>
    public required decimal DepartmentTotal { get; init; }

    /// <summary>What <see cref="DepartmentCodes.ExternalBusiness"/> bears.</summary>
    public required decimal ExternalShare { get; init; }

    /// <summary>What stands at <see cref="DepartmentCodes.Unallocated"/>.</summary>
    public required decimal Unallocated { get; init; }

    /// <summary>0 in every run.</summary>
    public decimal Difference => PoolTotal - DepartmentTotal - ExternalShare - Unallocated;

    /// <summary>Records that the pools' entries are the sum of.</summary>
    public required long EntryRows { get; init; }

    public required int Pools { get; init; }

    public required int Drivers { get; init; }

    public required int Lines { get; init; }

    /// <summary>What <see cref="Runs.InputHash.Of"/> gives for the inputs.</summary>
    public required string InputHash { get; init; }

    public required string EngineVersion { get; init; }

    internal static Certificate Of(
        AllocationInput input, IReadOnlyList<PoolResult> pools, IReadOnlyList<AllocationLine> lines)
    {
        var external = TotalOf(lines, DepartmentCodes.ExternalBusiness);
        var unallocated = TotalOf(lines, DepartmentCodes.Unallocated);
        return new Certificate
        {
            PoolTotal = pools.Sum(pool => pool.Amount),
            DepartmentTotal = lines.Sum(line => line.Amount) - external - unallocated,
            ExternalShare = external,
            Unallocated = unallocated,
            EntryRows = input.Pools.Sum(pool => pool.Entries.Sum(entry => entry.Rows)),
            Pools = pools.Count,
            Drivers = input.Pools.Sum(pool => pool.Drivers.Count),
            Lines = lines.Count,
            InputHash = Runs.InputHash.Of(input),
            EngineVersion = Allocation.EngineVersion,
        };
    }

    private static decimal TotalOf(IEnumerable<AllocationLine> lines, string department) =>
        lines.Where(line => line.Department == department).Sum(line => line.Amount);
}
