using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Payments;

/// <summary>Money of customers.</summary>
public static class PaymentsEndpoints
{
    public const string Tag = "Payments";

    private const Callers Both = Callers.Provider | Callers.Customer;

    public static void MapPayments(this IEndpointRouteBuilder routes)
    {
        MapPayments(routes.MapGroup("/external/v1/payments").WithTags(Tag).Allow(Both));
        MapRefunds(routes.MapGroup("/external/v1/refunds").WithTags(Tag).Allow(Both));
        MapAccounts(routes.MapGroup("/external/v1/customers/{code}").WithTags(Tag).Allow(Both));
    }

    private static void MapPayments(RouteGroupBuilder payments)
    {
        Allocates(payments.MapPost("", RecordPayment.Handle))
            .Allow(Callers.Provider)
            .Describe(
                "recordPayment",
                "Record a payment",
                """
                Records money that came in and uses it for invoices as `allocations` say. What is left stays on the
                customer's balance. An invoice of which nothing is owed any more is paid, and `external.invoice-paid`
                is published.
                """)
            .RequireIdempotencyKey()
            .Answers<Payment>(StatusCodes.Status201Created);
        payments.MapGet("", ListPayments.Handle)
            .Describe(
                "listPayments",
                "List payments",
                "In the order in which they were recorded; `customer` narrows the list. A customer sees its own.")
            .Answers<Page<Payment>>();
        payments.MapGet("/{id:guid}", GetPayment.Handle)
            .Describe("getPayment", "Read a payment", "With what it was used for.")
            .Answers<Payment>();
        Allocates(payments.MapPost("/{id:guid}/allocations", AllocatePayment.Handle))
            .Allow(Callers.Provider)
            .Describe("allocatePayment", "Allocate a payment", "Uses what is left of a payment for invoices.")
            .RequireIdempotencyKey()
            .Answers<Payment>()
            .Refuses(409, "payment-reversed", "The payment was taken back.");
        payments.MapPost("/{id:guid}/reverse", ReversePayment.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "reversePayment",
                "Reverse a payment",
                "Takes a payment back, for example a returned direct debit: what it had paid is owed again, and the "
                    + "books get mirrored entries.")
            .RequireIdempotencyKey()
            .Answers<Payment>()
            .Refuses(409, "payment-reversed", "The payment was taken back already.")
            .Refuses(409, "payment-refunded", "Some of the payment was paid back to the customer.")
            .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.");
    }

    private static void MapRefunds(RouteGroupBuilder refunds)
    {
        refunds.MapPost("", RefundCustomer.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "refundCustomer",
                "Refund a customer",
                "Pays back what a customer has on its balance, of one payment or the oldest money first.")
            .RequireIdempotencyKey()
            .Answers<Refund>(StatusCodes.Status201Created)
            .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.")
            .Refuses(422, "customer-not-found", "There is no customer with this code.")
            .Refuses(422, "exceeds-available", "The balance, or what is left of the payment, is lower.");
        refunds.MapGet("", ListRefunds.Handle)
            .Describe(
                "listRefunds",
                "List refunds",
                "In the order in which they were recorded; `customer` narrows the list. A customer sees its own.")
            .Answers<Page<Refund>>();
    }

    private static void MapAccounts(RouteGroupBuilder customer)
    {
        customer.MapGet("/balance", GetBalance.Handle)
            .Describe(
                "getBalance",
                "Read a customer's balance",
                "What it owes, what of it is overdue or disputed, and what it has to its credit.")
            .Answers<CustomerBalance>();
        Allocates(customer.MapPost("/balance/allocations", ApplyBalance.Handle))
            .Allow(Callers.Provider)
            .Describe(
                "applyBalance",
                "Use a customer's balance",
                "Uses payments and credits that are used for nothing yet for an invoice, the oldest first.")
            .RequireIdempotencyKey()
            .Answers<CustomerBalance>();
        customer.MapGet("/statement", GetStatement.Handle)
            .Describe(
                "getStatement",
                "Read a customer's statement",
                "Everything that moved its account from one day to another, both included, with the running balance.")
            .Answers<CustomerStatement>()
            .Refuses(422, "span-out-of-range", "The days are in the wrong order, or too many.");
    }

    private static RouteHandlerBuilder Allocates(RouteHandlerBuilder builder) => builder
        .Refuses(409, "invoice-state", "The invoice's state does not allow it; `allowed` says what it does.")
        .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.")
        .Refuses(422, "invoice-not-found", "The customer has no such invoice in this currency.")
        .Refuses(422, "not-positive", "An amount is not above zero.")
        .Refuses(422, "amount-precision", "An amount is finer than the currency's minor unit.")
        .Refuses(422, "exceeds-due", "More than is owed of the invoice.")
        .Refuses(422, "exceeds-available", "More than is left.");
}
