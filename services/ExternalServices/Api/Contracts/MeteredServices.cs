using ExternalServices.Domain.Contracts;
using Npgsql;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>Keeps which contract prices a customer's usage of a service on which days: one at a time.</summary>
internal static class MeteredServices
{
    /// <returns>Null, or why the contract cannot stand beside the customer's others.</returns>
    public static async Task<Refusal?> Write(Transaction transaction, string customer, ContractTerms terms)
    {
        var days = new TermsTimeline(terms).Metered().Where(metered => metered.To is null || metered.To > metered.From)
            .ToList();
        await transaction.Execute(Clear, new { terms.Contract });
        try
        {
            await transaction.Execute(
                Insert,
                new
                {
                    terms.Contract,
                    Customer = customer,
                    Services = days.Select(metered => metered.Service).ToArray(),
                    From = days.Select(metered => metered.From).ToArray(),
                    To = days.Select(metered => metered.To).ToArray(),
                });
            return null;
        }
        catch (PostgresException violation) when (violation.ConstraintName == "metered_services_overlap")
        {
            return Refusal.Conflict(
                "service-contracted",
                $"Another contract of {customer} prices the usage of one of these services at the same time.");
        }
    }

    private const string Clear = "delete from contracts.metered_services where contract = @Contract";

    private const string Insert = """
        insert into contracts.metered_services (contract, customer, service, days)
        select @Contract, @Customer, service, daterange(since, until)
        from unnest(@Services, @From, @To) as metered (service, since, until)
        """;
}
