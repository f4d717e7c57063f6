using System.Text.Json;
using InternalServices.Domain.Chargeback.Runs;

namespace InternalServices.Api.Chargeback.Journal;

/// <summary>An account of the books: a pool, a department, or the other side of balances taken over.</summary>
public sealed record BookAccount
{
    public required JournalAccount Kind { get; init; }

    public required string Code { get; init; }

    public required string Name { get; init; }

    /// <summary>The account in the accounting system; none until it is mapped.</summary>
    public required string? ErpAccount { get; init; }

    /// <summary>The cost centre in the accounting system, where it keeps them beside its accounts.</summary>
    public required string? ErpCostCenter { get; init; }

    /// <summary>Grows with each mapping, from 0; the ETag.</summary>
    public required long Version { get; init; }

    /// <summary>As paths and lists spell it; null when there is no such kind.</summary>
    internal static JournalAccount? KindOf(string spelled)
    {
        foreach (var kind in Enum.GetValues<JournalAccount>())
        {
            if (JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()) == spelled) return kind;
        }

        return null;
    }
}
