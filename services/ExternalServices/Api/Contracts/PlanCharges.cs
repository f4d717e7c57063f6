using System.Text.Json;
using ExternalServices.Domain.Pricing;
using ExternalServices.Domain.Tax;
using ExternalServices.Domain.Usage;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Json;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>One charge as it is written.</summary>
public sealed record ChargeRequest
{
    /// <summary>Unique in the version, for example <c>STORAGE</c>.</summary>
    public required string Code { get; init; }

    /// <summary>Code of a service that is offered to customers.</summary>
    public required string Service { get; init; }

    /// <summary>As the customer reads it on the invoice.</summary>
    public required string Description { get; init; }

    /// <summary>How a quantity becomes an amount, in the plan's currency.</summary>
    public required ChargeModel Price { get; init; }

    /// <summary>At which of its country's rates the seller taxes it: the standard one when left out.</summary>
    public TaxClass TaxClass { get; init; } = TaxClass.Standard;

    /// <summary>How usage becomes the quantity: its sum when left out. A flat fee has none.</summary>
    public MeterSpec? Meter { get; init; }
}

/// <summary>The rules for a version's charges, and how they are stored.</summary>
internal static class PlanCharges
{
    private const int MaxCharges = 100;
    private const int MaxDecimals = 12;
    private const decimal HighestPrice = 999_999_999_999;

    /// <summary>Everything that is wrong with the charges by themselves.</summary>
    public static void Check(Fields fields, IReadOnlyList<ChargeRequest> charges)
    {
        fields.Count("/charges", charges.Count, MaxCharges);
        for (var i = 0; i < charges.Count; i++)
        {
            var (charge, at) = (charges[i], $"/charges/{i}");
            fields.Code($"{at}/code", charge.Code).Text($"{at}/description", charge.Description);
            fields.Check(
                $"{at}/code",
                charges.Take(i).All(other => other.Code != charge.Code),
                "charge-twice",
                $"The code '{charge.Code}' is taken by an earlier charge.");
            fields.Check(
                $"{at}/service",
                !charge.Price.IsMetered
                    || charges.Take(i).All(other => !other.Price.IsMetered || other.Service != charge.Service),
                "service-priced-twice",
                $"An earlier charge prices the usage of '{charge.Service}' already.");
            CheckMeter(fields, $"{at}/meter", charge);
            CheckPrice(fields, $"{at}/price", charge.Price);
        }
    }

    private static void CheckMeter(Fields fields, string pointer, ChargeRequest charge)
    {
        if (charge.Meter is not { } meter) return;
        fields.Check(pointer, charge.Price.IsMetered, "meter-of-fee", "An agreed fee measures nothing.");
        fields.Check(
            $"{pointer}/aggregation",
            meter.Aggregation == Aggregation.Sum || charge.Price is not PercentageCharge,
            "percentage-of-sum",
            "A percentage is taken of the sum of the transactions.");
        foreach (var wrong in meter.Check()) fields.Check(pointer + wrong.Pointer, false, wrong.Code, wrong.Detail);
    }

    public static void CheckPrice(Fields fields, string pointer, ChargeModel price)
    {
        foreach (var wrong in price.Check()) fields.Check(pointer + wrong.Pointer, false, wrong.Code, wrong.Detail);
        CheckDigits(fields, pointer, JsonSerializer.SerializeToElement(price, Wire.Options));
    }

    /// <summary>
    /// Prices are stored with twelve digits on either side of the point, in whatever model they stand.
    /// </summary>
    private static void CheckDigits(Fields fields, string pointer, JsonElement price)
    {
        switch (price.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in price.EnumerateObject())
                {
                    CheckDigits(fields, $"{pointer}/{member.Name}", member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var (i, item) in price.EnumerateArray().Index()) CheckDigits(fields, $"{pointer}/{i}", item);
                break;
            case JsonValueKind.String when DecimalText.TryParse(price.GetString(), out var number):
                CheckDigits(fields, pointer, number);
                break;
        }
    }

    public static void CheckDigits(Fields fields, string pointer, decimal number) => fields.Check(
        pointer,
        number.Scale <= MaxDecimals && decimal.Abs(number) <= HighestPrice,
        "too-many-digits",
        $"A price or bound has at most {MaxDecimals} digits before and after the point.");

    /// <summary>Stores what a draft that has nothing yet charges, with the units of its services.</summary>
    public static async Task<Refusal?> Insert(
        Transaction transaction, string plan, int version, DraftPlanVersion.Request body)
    {
        var charges = body.Charges;
        (string Service, string Pointer)[] named =
        [
            .. charges.Select((charge, i) => (charge.Service, $"/charges/{i}/service")),
            .. body.Commitments.Select((commitment, i) => (commitment.Service, $"/commitments/{i}/service")),
        ];
        var codes = named.Select(each => each.Service).Distinct().ToArray();
        var units = (await transaction.Query<ServiceUnit>(SelectUnits, new { Codes = codes }))
            .ToDictionary(service => service.Code, service => service.Unit);
        if (named.FirstOrDefault(each => !units.ContainsKey(each.Service)) is { Service: { } unknown } found)
        {
            return Refusal.Rejected(
                "service-not-found",
                $"There is no active service '{unknown}' that is offered to customers.",
                found.Pointer);
        }

        await PlanCommitments.Insert(transaction, plan, version, body.Commitments);
        await transaction.Execute(
            InsertCharges,
            new
            {
                Plan = plan,
                Version = version,
                Codes = charges.Select(charge => charge.Code).ToArray(),
                Services = charges.Select(charge => charge.Service).ToArray(),
                Descriptions = charges.Select(charge => charge.Description).ToArray(),
                Units = charges.Select(charge => UnitOf(charge, units[charge.Service], body.MonthsPerPeriod)).ToArray(),
                Metered = charges.Select(charge => charge.Price.IsMetered).ToArray(),
                Meters = charges
                    .Select(charge => charge.Meter is { } m ? JsonSerializer.Serialize(m, Wire.Options) : null)
                    .ToArray(),
                TaxClasses = charges.Select(charge => charge.TaxClass).ToArray(),
                Models = charges.Select(charge => JsonSerializer.Serialize(charge.Price, Wire.Options)).ToArray(),
            });
        return null;
    }

    private static string UnitOf(ChargeRequest charge, string serviceUnit, int monthsPerPeriod) =>
        charge.Price.IsMetered ? serviceUnit : monthsPerPeriod == 1 ? "month" : $"{monthsPerPeriod} months";

    private sealed record ServiceUnit
    {
        public required string Code { get; init; }

        public required string Unit { get; init; }
    }

    private const string SelectUnits = """
        select code, unit
        from catalogue.services
        where code = any(@Codes) and active and audience <> 'internal'
        """;

    private const string InsertCharges = """
        insert into contracts.plan_charges (
            plan, version, position, code, service, description, unit, is_metered, model, meter, tax_class)
        select @Plan, @Version, position, code, service, description, unit, is_metered, model::jsonb, meter::jsonb,
            tax_class
        from unnest(@Codes, @Services, @Descriptions, @Units, @Metered, @Models, @Meters, @TaxClasses)
            with ordinality as charge (
            code, service, description, unit, is_metered, model, meter, tax_class, position)
        """;
}
