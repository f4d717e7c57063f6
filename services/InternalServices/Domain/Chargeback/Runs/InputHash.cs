using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>Identifies what a run is calculated from, whatever order the inputs come in.</summary>
public static class InputHash
{
    /// <summary>
    /// SHA-256, in lower-case hexadecimal, over the canonical form of the input and the engine's version. Amounts are
    /// hashed as exact sums per pool and assignee with their row counts, so that it does not matter who summed them.
    /// </summary>
    /// <remarks>
    /// Canonical form: lists sorted ordinally by their keys and preceded by their length; texts as UTF-8 preceded by
    /// their length; amounts and quantities as 128-bit whole numbers of 10^-15; numbers big-endian.
    /// </remarks>
    /// <exception cref="ArgumentException">An amount or quantity is out of range, so that no run exists.</exception>
    public static string Of(AllocationInput input)
    {
        var form = new CanonicalForm();
        form.Text(Allocation.EngineVersion);
        form.Text(input.Period.ToString());
        form.Text(input.Currency.Code);
        form.Text(input.Method.ToString());
        form.List(input.AllDepartments(), form.Text);
        form.List(input.Pools.OrderBy(pool => pool.Code, StringComparer.Ordinal), pool => Write(form, pool));
        form.List(input.ExternalUsage.OrderBy(usage => usage.Key, StringComparer.Ordinal), usage =>
        {
            form.Text(usage.Key);
            form.Exact(usage.Value);
        });
        return form.Hash();
    }

    private static void Write(CanonicalForm form, CostPool pool)
    {
        form.Text(pool.Code);
        form.Text(pool.Service);
        form.Text(pool.Rule.Driver.ToString());
        form.Text(pool.Rule.WhenZero.ToString());
        form.Whole(pool.Rule.Order);
        Write(form, pool.Rule.Capacity);
        Write(form, pool.RateCard);
        var sums = pool.Entries
            .GroupBy(entry => entry.Assignee)
            .OrderBy(group => group.Key.Kind)
            .ThenBy(group => group.Key.Code, StringComparer.Ordinal);
        form.List(sums, group =>
        {
            form.Text(group.Key.Kind.ToString());
            form.Text(group.Key.Code);
            form.Whole(group.Sum(entry => entry.Rows));
            form.Whole(group.Aggregate(Int128.Zero, (sum, entry) => sum + CanonicalForm.UnitsOf(entry.Amount)));
        });
        var drivers = pool.Drivers
            .OrderBy(driver => driver.Consumer.Kind)
            .ThenBy(driver => driver.Consumer.Code, StringComparer.Ordinal);
        form.List(drivers, driver =>
        {
            form.Text(driver.Consumer.Kind.ToString());
            form.Text(driver.Consumer.Code);
            form.Exact(driver.Quantity);
        });
    }

    private static void Write(CanonicalForm form, Capacity? capacity)
    {
        form.Text(capacity?.Owner);
        form.Exact(capacity?.Practical ?? 0);
    }

    private static void Write(CanonicalForm form, RateCardCharging? rateCard)
    {
        form.Text(rateCard?.Owner);
        form.Text(rateCard?.Difference.ToString());
        form.Text(rateCard?.Card.Mode.ToString());
        form.List(rateCard?.Card.Tiers ?? [], tier =>
        {
            form.Whole(tier.UpTo is null ? 0 : 1);
            form.Exact(tier.UpTo ?? 0);
            form.Exact(tier.UnitPrice);
            form.Exact(tier.FlatFee);
        });
    }

    private sealed class CanonicalForm
    {
        private const int NoText = -1;

        private readonly ArrayBufferWriter<byte> _bytes = new();

        public static Int128 UnitsOf(decimal amount) =>
            ExactAmount.TryUnits(amount, out var units)
                ? units
                : throw new ArgumentException($"{amount} is not below 10^13 with at most 15 decimals.", nameof(amount));

        public void List<T>(IEnumerable<T> sorted, Action<T> write)
        {
            var items = sorted.ToList();
            Whole(items.Count);
            items.ForEach(write);
        }

        public void Text(string? text)
        {
            Whole(text is null ? NoText : Encoding.UTF8.GetByteCount(text));
            Encoding.UTF8.GetBytes(text.AsSpan(), _bytes);
        }

        public void Exact(decimal amount) => Whole(UnitsOf(amount));

        public void Whole(Int128 number)
        {
            BinaryPrimitives.WriteInt128BigEndian(_bytes.GetSpan(16), number);
            _bytes.Advance(16);
        }

        public string Hash() => Convert.ToHexStringLower(SHA256.HashData(_bytes.WrittenSpan));
    }
}
