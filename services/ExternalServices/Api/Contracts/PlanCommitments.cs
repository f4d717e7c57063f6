using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Tax;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace ExternalServices.Api.Contracts;

/// <summary>
/// What is billed at least for a full billing period: what is missing at its end becomes a line of its own.
/// </summary>
public sealed record Commitment
{
    /// <summary>Unique in the version, also among its charges.</summary>
    public required string Code { get; init; }

    /// <summary>Code of the service to which the missing amount belongs.</summary>
    public required string Service { get; init; }

    /// <summary>As the customer reads it on the invoice.</summary>
    public required string Description { get; init; }

    /// <summary>How the missing amount is taxed: at the standard rate when left out.</summary>
    public TaxClass TaxClass { get; init; } = TaxClass.Standard;

    /// <summary>For a full billing period, above zero; for a part of one by its days.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Codes of the charges that count towards it; left out: all.</summary>
    public IReadOnlyList<string> Scope { get; init; } = [];

    internal MinimumCommitment ToDomain() => new()
    {
        Code = Code,
        Service = Service,
        Description = Description,
        TaxClass = TaxClass,
        Amount = Amount,
        Scope = Scope,
    };
}

/// <summary>The rules for commitments, and how a version's are stored.</summary>
internal static class PlanCommitments
{
    private const int MaxCommitments = 20;

    /// <param name="fields">Collects what is wrong.</param>
    /// <param name="commitments">As they were written.</param>
    /// <param name="charges">Codes of the charges that they stand beside.</param>
    public static void Check(
        Fields fields, IReadOnlyList<Commitment> commitments, IReadOnlyCollection<string> charges)
    {
        fields.Count("/commitments", commitments.Count, MaxCommitments, min: 0);
        for (var i = 0; i < commitments.Count; i++)
        {
            var (commitment, at) = (commitments[i], $"/commitments/{i}");
            fields.Code($"{at}/code", commitment.Code).Text($"{at}/description", commitment.Description);
            fields.Check(
                $"{at}/code",
                !charges.Contains(commitment.Code) && commitments.Take(i).All(other => other.Code != commitment.Code),
                "commitment-twice",
                $"The code '{commitment.Code}' is taken.");
            fields.Check($"{at}/amount", commitment.Amount > 0, "not-positive", "A commitment is above zero.");
            PlanCharges.CheckDigits(fields, $"{at}/amount", commitment.Amount);
            for (var n = 0; n < commitment.Scope.Count; n++)
            {
                fields.Check(
                    $"{at}/scope/{n}",
                    charges.Contains(commitment.Scope[n]),
                    "charge-not-found",
                    $"There is no charge '{commitment.Scope[n]}'.");
            }
        }
    }

    /// <summary>Stores the commitments of a draft that has none.</summary>
    public static Task Insert(
        Transaction transaction, string plan, int version, IReadOnlyList<Commitment> commitments) =>
        commitments.Count == 0
            ? Task.CompletedTask
            : transaction.Execute(
                InsertCommitments,
                new
                {
                    Plan = plan,
                    Version = version,
                    Codes = commitments.Select(commitment => commitment.Code).ToArray(),
                    Services = commitments.Select(commitment => commitment.Service).ToArray(),
                    Descriptions = commitments.Select(commitment => commitment.Description).ToArray(),
                    Amounts = commitments.Select(commitment => commitment.Amount).ToArray(),
                    TaxClasses = commitments.Select(commitment => commitment.TaxClass).ToArray(),
                    Scopes = commitments.Select(commitment => string.Join(' ', commitment.Scope)).ToArray(),
                });

    private const string InsertCommitments = """
        insert into contracts.plan_commitments (
            plan, version, position, code, service, description, amount, scope, tax_class)
        select @Plan, @Version, position, code, service, description, amount,
            array_remove(string_to_array(scope, ' '), ''), tax_class
        from unnest(@Codes, @Services, @Descriptions, @Amounts, @Scopes, @TaxClasses)
            with ordinality as commitment (code, service, description, amount, scope, tax_class, position)
        """;
}

/// <summary>A stored commitment.</summary>
internal sealed record CommitmentRow
{
    public required string Plan { get; init; }

    public required int Version { get; init; }

    public required string Code { get; init; }

    public required string Service { get; init; }

    public required string Description { get; init; }

    public required decimal Amount { get; init; }

    public required string[] Scope { get; init; }

    public required TaxClass TaxClass { get; init; }

    public Commitment ToCommitment() => new()
    {
        Code = Code,
        Service = Service,
        Description = Description,
        TaxClass = TaxClass,
        Amount = Amount,
        Scope = Scope,
    };
}
