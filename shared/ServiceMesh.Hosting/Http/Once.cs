using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ServiceMesh.Hosting.Http;

/// <summary>
/// Carries out a request once per <c>Idempotency-Key</c>: the answer is stored in the transaction of the effect and
/// given again to a repetition. A request without a key is carried out each time; where one is required it is refused
/// (400).
/// </summary>
public sealed class Once
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotent-Replayed";
    public const int MaxKeyLength = 255;

    private readonly HttpContext _context;
    private readonly Database _database;
    private readonly Caller _caller;

    private Once(HttpContext context, Database database, Caller caller) =>
        (_context, _database, _caller) = (context, database, caller);

    public static ValueTask<Once?> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var caller = Caller.Of(context.User)
            ?? throw new InvalidOperationException("An idempotent operation needs an authenticated caller.");
        var database = context.RequestServices.GetRequiredService<Database>();
        return ValueTask.FromResult<Once?>(new Once(context, database, caller));
    }

    /// <summary>
    /// Decides and saves in one transaction under the caller's tenant, and stores the answer with it.
    /// </summary>
    public async Task<IResult> Run<T>(
        Func<Transaction, Task<Outcome<T>>> work, Func<T, Answer> answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(answer);
        var key = _context.Request.Headers[Header].ToString();
        if (key.Length == 0)
        {
            return _context.GetEndpoint()?.Metadata.GetMetadata<IdempotencyKeyRequired>() is null
                ? Answer.Of(await _database.InTransaction(_caller.Tenant, work, cancellationToken), answer)
                : Problem.Of(
                    StatusCodes.Status400BadRequest, "idempotency-key-required", $"{Header} is required here.");
        }

        if (key.Length > MaxKeyLength || key.Any(char.IsControl))
        {
            return Problem.Of(
                StatusCodes.Status400BadRequest,
                "unreadable",
                $"{Header} has 1 to {MaxKeyLength} printable characters.");
        }

        var outcome = await _database.InTransaction(
            _caller.Tenant, transaction => RunKeyed(transaction, Scope(key), work, answer), cancellationToken);
        return outcome.Refusal is { } refusal ? Problem.Of(refusal) : outcome.Value;
    }

    private async Task<Outcome<IResult>> RunKeyed<T>(
        Transaction transaction,
        byte[] scope,
        Func<Transaction, Task<Outcome<T>>> work,
        Func<T, Answer> answer)
    {
        var bodyHash = _context.Features.Get<RequestHash>()!.Sha256;

        // The other request's row is invisible until it commits; its lock is not.
        if (!await transaction.Scalar<bool>(TryLock, new { Lock = BitConverter.ToInt64(scope) }))
        {
            return Refusal.Conflict(
                "idempotency-key-in-use", "The first request with this key is still being carried out.");
        }

        if (await transaction.SingleOrDefault<StoredAnswer>(Select, new { Scope = scope }) is { } stored)
        {
            return stored.BodyHash.AsSpan().SequenceEqual(bodyHash)
                ? stored
                : Refusal.Rejected("idempotency-key-reused", "This key was used with another body.");
        }

        var outcome = await work(transaction);
        if (outcome.Refusal is { } refusal)
        {
            return refusal;
        }

        var first = answer(outcome.Value);
        await transaction.Execute(
            Insert,
            new
            {
                Scope = scope,
                BodyHash = bodyHash,
                first.Status,
                first.Location,
                first.Version,
                Body = first.Serialize(),
                CreatedAt = transaction.Now,
            });
        return first;
    }

    private byte[] Scope(string key)
    {
        var request = _context.Request;
        var caller = $"{_caller.Kind}\n{_caller.Code}\n{_caller.Subject}";
        return SHA256.HashData(Encoding.UTF8.GetBytes($"{caller}\n{request.Method}\n{request.Path}\n{key}"));
    }

    private const string TryLock = "select pg_try_advisory_xact_lock(@Lock)";

    private const string Select = """
        select body_hash, status, location, version, body
        from hosting.idempotency_keys
        where scope = @Scope
        """;

    private const string Insert = """
        insert into hosting.idempotency_keys (scope, body_hash, status, location, version, body, created_at)
        values (@Scope, @BodyHash, @Status, @Location, @Version, @Body, @CreatedAt)
        """;
}

/// <summary>The first answer, as it was sent.</summary>
internal sealed record StoredAnswer : IResult
{
    public required byte[] BodyHash { get; init; }

    public required int Status { get; init; }

    public required string? Location { get; init; }

    public required long? Version { get; init; }

    public required byte[]? Body { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers[Once.ReplayedHeader] = "true";
        Answer.WriteHeaders(response, Location, Version);
        if (Body is not null)
        {
            response.ContentType = "application/json";
            await response.Body.WriteAsync(Body, httpContext.RequestAborted);
        }
    }
}

/// <summary>The operation creates money or a document: it is refused without an <c>Idempotency-Key</c>.</summary>
public sealed class IdempotencyKeyRequired;
