using System.Text.Json;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>What can be done with a contract in which state.</summary>
internal static class ContractStates
{
    /// <returns>Null in the state that is needed, else a conflict that names what is possible.</returns>
    public static Refusal? Check(SignedContract contract, DateOnly on, params ContractState[] needed)
    {
        var state = on < contract.Start ? ContractState.Scheduled : contract.StateOn(on);
        if (needed.Contains(state)) return null;
        var name = JsonNamingPolicy.CamelCase.ConvertName($"{state}");
        return Refusal.Conflict(
            $"contract-{name}", $"On {on:O} the contract {contract.Code} is {name}.", name, Allowed(state));
    }

    private static string[] Allowed(ContractState state) => state switch
    {
        ContractState.Active => ["change", "pause", "cancel", "renew"],
        ContractState.Paused => ["resume", "cancel", "renew"],
        ContractState.Scheduled or ContractState.Ended => [],
    };
}

/// <summary>Why something was signed.</summary>
internal static class Reasons
{
    private const int MaxLength = 500;

    public static Refusal? Check(string? reason) =>
        reason is null ? null : new Fields().Text("/reason", reason, MaxLength).Refusal;
}
