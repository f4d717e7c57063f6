using System.Collections.Frozen;
using System.Text.RegularExpressions;
using ExternalServices.Domain.Tax;
using ServiceMesh.Hosting.Http;

namespace ExternalServices.Api.Parties;

/// <summary>The rules for what legal entities and customers say of themselves.</summary>
internal static partial class PartyFields
{
    private const int MaxPostalCodeLength = 20;
    private const int MaxVatIdLength = 20;
    private const int MaxEmailLength = 254;

    public static Fields Address(this Fields fields, Address address) => fields
        .Text("/address/street", address.Street)
        .Text("/address/city", address.City)
        .Text("/address/postalCode", address.PostalCode, MaxPostalCodeLength);

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public static Fields Country(this Fields fields, string pointer, string country) => fields.Check(
        pointer,
        Countries.Contains(country),
        "unknown-country",
        $"'{country}' is not a country code of ISO 3166-1 alpha-2.");

    /// <summary>A member state's number has that state's form; another country's is any short text.</summary>
    public static Fields VatId(this Fields fields, string country, string? vatId) => vatId is null
        ? fields
        : VatArea.IsMemberState(country)
            ? fields.Check(
                "/vatId",
                VatArea.IsVatIdOf(country, vatId),
                "invalid-vat-id",
                $"'{vatId}' is not a VAT id of {country}.")
            : fields.Text("/vatId", vatId, MaxVatIdLength);

    public static Fields Zone(this Fields fields, string zone) => fields.Check(
        "/zone",
        TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) && found.HasIanaId,
        "unknown-zone",
        $"'{zone}' is not a time zone of the IANA database, such as Europe/Madrid.");

    public static Fields Email(this Fields fields, string? email) => email is null
        ? fields
        : fields.Text("/email", email, MaxEmailLength).Check(
            "/email",
            email.IndexOf('@') is > 0 and var at && at < email.Length - 1,
            "invalid-email",
            "An e-mail address has an @ between two parts.");

    /// <summary>Why no tax is charged, in the words of a code list.</summary>
    public static Fields ReasonCode(this Fields fields, string? code) => fields.Check(
        "/reasonCode",
        code is null || ReasonCodeForm().IsMatch(code),
        "invalid-code",
        "A code of the VATEX list, such as VATEX-EU-132.");

    [GeneratedRegex(@"\AVATEX-[A-Z]{2}-[A-Z0-9-]{1,20}\z")]
    private static partial Regex ReasonCodeForm();

    private static readonly FrozenSet<string> Countries =
        """
        AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
        CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
        FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
        JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
        MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
        PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
        TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
