using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Parties;

/// <summary>Lets an exemption hold until a day only; invoices that exist stay as they are.</summary>
public static class EndTaxExemption
{
    public sealed record Request
    {
        /// <summary>First day on which it no longer holds.</summary>
        public required DateOnly On { get; init; }
    }

    public static Task<IResult> Handle(
        string code, Guid id, Request body, Once once, CancellationToken cancellationToken) =>
        once.Run(transaction => End(transaction, code, id, body.On), Answer.Ok, cancellationToken);

    private static async Task<Outcome<TaxExemptionEntry>> End(
        Transaction transaction, string code, Guid id, DateOnly on)
    {
        var key = new { Code = code, Id = id };
        if (await transaction.SingleOrDefault<TaxExemptionEntry>(SelectForUpdate, key) is not { } exemption)
        {
            return Refusal.NotFound("tax-exemption", $"{code}/{id}");
        }

        if (on <= exemption.From || on > exemption.To)
        {
            return Refusal.Rejected(
                "day-out-of-range", "An exemption ends after it began, and not after the end that it has.", "/on");
        }

        await transaction.Execute(Update, new { Id = id, On = on });
        return exemption with { To = on };
    }

    private const string SelectForUpdate = """
        select id, customer, reason, reason_code, valid_from as from, valid_to as to
        from parties.tax_exemptions
        where customer = @Code and id = @Id
        for update
        """;

    private const string Update = "update parties.tax_exemptions set valid_to = @On where id = @Id";
}
