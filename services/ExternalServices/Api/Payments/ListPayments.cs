using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Payments;

public static class ListPayments
{
    public static async Task<Page<Payment>> Handle(
        string? customer, Paging paging, Caller caller, Database database, CancellationToken cancellationToken) =>
        paging.Page(
            await database.Read(
                caller.Tenant,
                async transaction => await PaymentRow.WithAllocations(
                    transaction,
                    await transaction.Query<PaymentRow>(
                        Select, new { Customer = customer, paging.After, paging.Fetch })),
                cancellationToken),
            payment => $"{payment.Id}");

    private const string Select = """
        select id, customer, legal_entity, currency, amount, available, day, reference, recorded_at, reversed_at,
            reversal_reason
        from payments.funds
        where kind = 'payment'
            and (@Customer is null or customer = @Customer)
            and (@After = '' or id > nullif(@After, '')::uuid)
        order by id
        limit @Fetch
        """;
}
