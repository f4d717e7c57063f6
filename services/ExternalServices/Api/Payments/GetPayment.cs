using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Payments;

public static class GetPayment
{
    public static async Task<IResult> Handle(
        Guid id, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(caller.Tenant, transaction => Read(transaction, id), cancellationToken),
            "payment",
            $"{id}");

    internal static async Task<Payment?> Read(Transaction transaction, Guid id) =>
        (await PaymentRow.WithAllocations(
            transaction, await transaction.Query<PaymentRow>(Select, new { Id = id }))).SingleOrDefault();

    private const string Select = """
        select id, customer, legal_entity, currency, amount, available, day, reference, recorded_at, reversed_at,
            reversal_reason
        from payments.funds
        where id = @Id and kind = 'payment'
        """;
}
