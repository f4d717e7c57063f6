using System.Text.Json;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Json;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>
/// What a contract agrees differently for one charge of its plan; what is left out is as in the plan.
/// </summary>
public sealed record AgreedCharge
{
    /// <summary>Code of the plan's charge.</summary>
    public required string Charge { get; init; }

    /// <summary>Another price; a fee stays a fee, and what is metered stays metered.</summary>
    public ChargeModel? Price { get; init; }

    /// <summary>As the customer reads it on the invoice.</summary>
    public string? Description { get; init; }

    /// <summary>How often a flat fee is agreed, for example seats.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>Taken off each line of the charge, in this order, until nothing is left; at most 20.</summary>
    public IReadOnlyList<Discount> Discounts { get; init; } = [];

    internal ChargeOverride ToDomain() => new()
    {
        Charge = Charge,
        Model = Price,
        Description = Description,
        AgreedQuantity = Quantity,
        Discounts = Discounts,
    };
}

/// <summary>A plan version with what a contract agrees differently, as it is stored beside the contract.</summary>
internal sealed record AgreedTerms
{
    private const int MaxOverrides = 100;
    private const int MaxDiscounts = 20;
    private const int MaxPriceDecimals = 12;
    private const decimal HighestQuantity = 999_999_999;

    public IReadOnlyList<AgreedCharge> Overrides { get; init; } = [];

    /// <summary>Null for the plan's.</summary>
    public IReadOnlyList<Commitment>? Commitments { get; init; }

    public static AgreedTerms AsInThePlan { get; } = new();

    public static AgreedTerms Parse(string? stored) =>
        stored is null ? AsInThePlan : JsonSerializer.Deserialize<AgreedTerms>(stored, Wire.Options)!;

    /// <returns>Null where everything is as in the plan, so that plain contracts take no room.</returns>
    public string? Stored() =>
        Overrides.Count == 0 && Commitments is null ? null : JsonSerializer.Serialize(this, Wire.Options);

    /// <summary>Everything in it that cannot be agreed on the plan.</summary>
    public Refusal? Check(PublishedPlan plan)
    {
        var fields = new Fields().Count("/overrides", Overrides.Count, MaxOverrides, min: 0);
        for (var i = 0; i < Overrides.Count; i++) CheckOverride(fields, $"/overrides/{i}", Overrides[i], plan);
        if (ChargeOverride.Agree(plan.Charges, [.. Overrides.Select(agreed => agreed.ToDomain())]).Refusal is
            { Fields: { } unusable })
        {
            foreach (var wrong in unusable) fields.Check(PointerOf(wrong), false, wrong.Code, wrong.Detail);
        }

        if (Commitments is { } commitments)
        {
            PlanCommitments.Check(fields, commitments, [.. plan.Charges.Select(charge => charge.Code)]);
        }

        return fields.Refusal;
    }

    private static void CheckOverride(Fields fields, string at, AgreedCharge agreed, PublishedPlan plan)
    {
        if (agreed.Description is { } description) fields.Text($"{at}/description", description);
        fields.Count($"{at}/discounts", agreed.Discounts.Count, MaxDiscounts, min: 0);
        foreach (var (i, discount) in agreed.Discounts.Index())
        {
            fields.Code($"{at}/discounts/{i}/code", discount.Code);
            fields.Text($"{at}/discounts/{i}/description", discount.Description);
            if (discount is AmountDiscount { Amount: var amount })
            {
                PlanCharges.CheckDigits(fields, $"{at}/discounts/{i}/amount", amount);
            }
        }

        if (agreed.Price is not null) PlanCharges.CheckPrice(fields, $"{at}/price", agreed.Price);
        var price = agreed.Price ?? plan.Charges.FirstOrDefault(charge => charge.Code == agreed.Charge)?.Model;
        if (agreed.Quantity is { } quantity && price is FlatCharge fee)
        {
            fields.Check(
                $"{at}/quantity",
                quantity <= HighestQuantity && quantity.Scale + fee.Amount.Scale <= MaxPriceDecimals,
                "too-many-digits",
                $"A quantity is at most {HighestQuantity}; with its price it has at most {MaxPriceDecimals} decimals.");
        }
    }

    /// <summary>The domain's names are not the members' in every place.</summary>
    private static string PointerOf(FieldRefusal wrong) =>
        $"/overrides{wrong.Pointer}"
            .Replace("/model", "/price", StringComparison.Ordinal)
            .Replace("/agreedQuantity", "/quantity", StringComparison.Ordinal);

    /// <summary>Refuses commitments for services that are not offered.</summary>
    public async Task<Refusal?> CheckServices(Transaction transaction)
    {
        if (Commitments is not { Count: > 0 } commitments) return null;
        var offered = await transaction.Query<string>(
            SelectOffered, new { Codes = commitments.Select(commitment => commitment.Service).ToArray() });
        foreach (var (i, commitment) in commitments.Index())
        {
            if (!offered.Contains(commitment.Service))
            {
                return Refusal.Rejected(
                    "service-not-found",
                    $"There is no active service '{commitment.Service}' that is offered to customers.",
                    $"/commitments/{i}/service");
            }
        }

        return null;
    }

    /// <summary>The charges of the plan as they are agreed.</summary>
    public IReadOnlyList<ContractCharge> ChargesOf(PublishedPlan plan) =>
        Overrides.Count == 0
            ? plan.Charges
            : ChargeOverride.Agree(plan.Charges, [.. Overrides.Select(agreed => agreed.ToDomain())]).Value;

    public IReadOnlyList<MinimumCommitment> CommitmentsOf(PublishedPlan plan) =>
        Commitments is null ? plan.Commitments : [.. Commitments.Select(commitment => commitment.ToDomain())];

    private const string SelectOffered = """
        select code from catalogue.services where code = any(@Codes) and active and audience <> 'internal'
        """;
}
