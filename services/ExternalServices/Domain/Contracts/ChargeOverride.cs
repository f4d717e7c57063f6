using ExternalServices.Domain.Pricing;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Contracts;

/// <summary>
/// What a contract agrees differently from its plan for one charge; what is null stays as in the plan.
/// </summary>
public sealed record ChargeOverride
{
    /// <summary>Code of the plan's charge.</summary>
    public required string Charge { get; init; }

    public ChargeModel? Model { get; init; }

    public string? Description { get; init; }

    /// <summary>How often a flat fee is agreed.</summary>
    public decimal? AgreedQuantity { get; init; }

    public IReadOnlyList<Discount> Discounts { get; init; } = [];

    /// <summary>The charges of a plan as one contract agrees them, in the order of the plan.</summary>
    /// <returns>
    /// The charges, or <c>overrides-unusable</c> with every bad field: <c>charge-not-found</c>, <c>override-twice</c>,
    /// <c>negative</c>, <c>quantity-of-metered</c>, <c>metering-changed</c>, and what <see cref="ChargeModel.Check"/>
    /// and <see cref="Discount.Check"/> find.
    /// </returns>
    public static Outcome<IReadOnlyList<ContractCharge>> Agree(
        IReadOnlyList<ContractCharge> plan, IReadOnlyList<ChargeOverride> overrides)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(overrides);
        var fields = overrides.SelectMany((_, i) => Check(plan, overrides, i)).ToList();
        if (fields.Count > 0)
        {
            return Refusal.Rejected("overrides-unusable", "An override cannot be agreed.") with { Fields = fields };
        }

        var byCharge = overrides.ToDictionary(agreed => agreed.Charge, StringComparer.Ordinal);
        return plan.Select(charge => byCharge.GetValueOrDefault(charge.Code)?.On(charge) ?? charge).ToList();
    }

    private static IEnumerable<FieldRefusal> Check(
        IReadOnlyList<ContractCharge> plan, IReadOnlyList<ChargeOverride> overrides, int index)
    {
        var pointer = $"/{index}";
        var agreed = overrides[index];
        if (plan.FirstOrDefault(charge => charge.Code == agreed.Charge) is not { } charge)
        {
            return [new($"{pointer}/charge", "charge-not-found", $"The plan has no charge '{agreed.Charge}'.")];
        }

        var twice = overrides.Take(index).Any(earlier => earlier.Charge == agreed.Charge);
        return
        [
            .. Where(twice, $"{pointer}/charge", "override-twice", $"'{agreed.Charge}' is agreed above already."),
            .. Where(agreed.AgreedQuantity < 0, $"{pointer}/agreedQuantity", "negative", "A quantity is not negative."),
            .. Where(
                agreed.AgreedQuantity is not null && agreed.On(charge).Model.IsMetered,
                $"{pointer}/agreedQuantity",
                "quantity-of-metered",
                "The quantity of a metered charge is what was used."),
            .. Where(
                agreed.Model is { } model && model.IsMetered != charge.Model.IsMetered,
                $"{pointer}/model",
                "metering-changed",
                "What is metered in the plan stays metered, and a fee stays a fee."),
            .. Below($"{pointer}/model", agreed.Model?.Check() ?? []),
            .. agreed.Discounts.SelectMany((discount, i) => Below($"{pointer}/discounts/{i}", discount.Check())),
        ];
    }

    private ContractCharge On(ContractCharge charge) =>
        charge with
        {
            Model = Model ?? charge.Model,
            Description = Description ?? charge.Description,
            AgreedQuantity = AgreedQuantity ?? charge.AgreedQuantity,
            Discounts = [.. charge.Discounts, .. Discounts],
        };

    private static IEnumerable<FieldRefusal> Where(bool isWrong, string pointer, string code, string detail) =>
        isWrong ? [new FieldRefusal(pointer, code, detail)] : [];

    private static IEnumerable<FieldRefusal> Below(string pointer, IEnumerable<FieldRefusal> fields) =>
        fields.Select(field => field with { Pointer = pointer + field.Pointer });
}
