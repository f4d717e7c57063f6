using ServiceMesh.Contracts;
using ServiceMesh.Data;

namespace ServiceMesh.Messaging;

/// <summary>
/// Applies events that carry a change. Each is applied once, in any order; a change that throws is tried again and then
/// set aside for an operator.
/// </summary>
public interface IChangeConsumer<in TEvent>
    where TEvent : Event
{
    /// <summary>Everything it does, its own events included, is part of the transaction or happens again.</summary>
    Task Apply(Transaction transaction, TEvent change);
}

/// <summary>
/// Applies events that carry the whole state of an aggregate: a state that is not newer than the one applied is
/// ignored, and so is one that waits together with a newer one.
/// </summary>
public interface IStateConsumer<in TEvent>
    where TEvent : Event
{
    /// <inheritdoc cref="IChangeConsumer{TEvent}.Apply"/>
    Task Apply(Transaction transaction, TEvent state);
}
