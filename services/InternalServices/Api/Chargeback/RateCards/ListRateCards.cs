using System.Globalization;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.RateCards;

/// <summary>The versions of a service's prices, the latest first.</summary>
public static class ListRateCards
{
    public static async Task<Page<PriceList>> Handle(
        string code, Paging paging, Caller caller, Database database, CancellationToken cancellationToken)
    {
        var before = long.TryParse(paging.After, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : long.MaxValue;
        return paging.Page(
            await database.Read(
                caller.Tenant,
                transaction => RateCardRows.LoadPage(transaction, code, before, paging.Fetch),
                cancellationToken),
            card => $"{card.Version}");
    }
}
