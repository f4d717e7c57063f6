using ExternalServices.Domain.Ledger;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace ExternalServices.Api.Ledger;

/// <summary>An account of a legal entity's books.</summary>
public sealed record BookAccount
{
    public required LedgerAccount Account { get; init; }

    public required LedgerAccountType Type { get; init; }

    /// <summary>Its name in the accounting system; null until it is mapped.</summary>
    public required string? ErpAccount { get; init; }

    /// <summary>Grows with each mapping, from 0; the ETag.</summary>
    public required int Version { get; init; }
}

public static class ListAccounts
{
    public static async Task<IResult> Handle(
        string code, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(Tenant.Provider, transaction => Read(transaction, code), cancellationToken),
            "legal-entity",
            code);

    internal static async Task<Page<BookAccount>?> Read(Transaction transaction, string legalEntity)
    {
        var key = new { LegalEntity = legalEntity };
        if (!await transaction.Scalar<bool>(Exists, key)) return null;
        var mappings = (await transaction.Query<Mapping>(Select, key)).ToDictionary(mapping => mapping.Account);
        return new Page<BookAccount>([.. Enum.GetValues<LedgerAccount>().Select(AccountOf)], null);

        BookAccount AccountOf(LedgerAccount account)
        {
            var mapping = mappings.GetValueOrDefault(account);
            return new BookAccount
            {
                Account = account,
                Type = LedgerAccounts.TypeOf(account),
                ErpAccount = mapping?.ErpAccount,
                Version = mapping?.Version ?? 0,
            };
        }
    }

    private sealed record Mapping
    {
        public required LedgerAccount Account { get; init; }

        public required string ErpAccount { get; init; }

        public required int Version { get; init; }
    }

    private const string Exists = "select exists (select from parties.legal_entities where code = @LegalEntity)";

    private const string Select = """
        select account, erp_account, version from ledger.account_mappings where legal_entity = @LegalEntity
        """;
}
