using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Tax;

/// <summary>How the law of the seller's country taxes what is sold, when it is taxed there (BT-151).</summary>
public enum TaxClass
{
    /// <summary>At the country's standard rate.</summary>
    Standard,

    /// <summary>At its reduced rate.</summary>
    Reduced,

    /// <summary>At its super-reduced rate.</summary>
    SuperReduced,

    /// <summary>At zero, without a reason.</summary>
    Zero,

    /// <summary>Not at all, for a reason that the invoice states.</summary>
    Exempt,
}

/// <summary>Categories of tax classes.</summary>
public static class TaxClasses
{
    /// <summary>The category in which a class is taxed at home.</summary>
    public static TaxCategory Category(this TaxClass taxClass) => taxClass switch
    {
        TaxClass.Standard or TaxClass.Reduced or TaxClass.SuperReduced => TaxCategory.S,
        TaxClass.Zero => TaxCategory.Z,
        TaxClass.Exempt => TaxCategory.E,
    };
}

/// <summary>How an invoice taxes each class of what it bills.</summary>
public sealed class TaxTreatments
{
    private readonly Dictionary<TaxClass, TaxTreatment> _byClass = [];

    private readonly TaxTreatment? _otherwise;

    private TaxTreatments(TaxTreatment? otherwise) => _otherwise = otherwise;

    /// <exception cref="KeyNotFoundException">The class was not determined.</exception>
    public TaxTreatment this[TaxClass taxClass] =>
        _byClass.GetValueOrDefault(taxClass)
        ?? _otherwise
        ?? throw new KeyNotFoundException($"Nothing is known of the class {taxClass}.");

    /// <summary>The treatment of each class at the tax point.</summary>
    /// <returns>The treatments, or the first refusal of <see cref="TaxDetermination.Determine"/>.</returns>
    public static Outcome<TaxTreatments> Determine(
        TaxFacts facts, IReadOnlyList<TaxRate> rates, IEnumerable<TaxClass> classes)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(classes);
        var treatments = new TaxTreatments(otherwise: null);
        foreach (var taxClass in classes.Distinct())
        {
            var determined = TaxDetermination.Determine(facts with { Class = taxClass }, rates);
            if (determined.Refusal is { } refusal) return refusal;
            treatments._byClass[taxClass] = determined.Value;
        }

        return treatments;
    }

    /// <summary>Every class alike.</summary>
    public static implicit operator TaxTreatments(TaxTreatment treatment) => new(treatment);
}
