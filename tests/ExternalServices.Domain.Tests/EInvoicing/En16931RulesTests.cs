using ExternalServices.Domain.Billing;
using ExternalServices.Domain.EInvoicing;
using ExternalServices.Domain.Pricing;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;
using static ExternalServices.Domain.Tests.TestContracts;

namespace ExternalServices.Domain.Tests.EInvoicing;

public sealed class En16931RulesTests
{
    private static readonly TaxParties Known = new() { SellerVatId = "ESB12345678", BuyerVatId = "DE123456789" };

    private static readonly EInvoice Mixed = Document(
        [
            new(100.00m, TaxCategory.S, 21) { Allowances = [5.00m], Charges = [1.00m] },
            new(50.00m, TaxCategory.S, 10),
            new(30.00m, TaxCategory.Z, 0),
            new(20.00m, TaxCategory.E, 0),
        ],
        [
            new(TaxCategory.S, 21, 101.00m, 21.21m),
            new(TaxCategory.S, 10, 50.00m, 5.00m),
            new(TaxCategory.Z, 0, 30.00m, 0),
            new(TaxCategory.E, 0, 20.00m, 0, Reason: "Exempt under article 132"),
        ]) with
    {
        Allowances = [new(1.00m, TaxCategory.S, 21), new(2.00m, TaxCategory.Z, 0), new(2.00m, TaxCategory.E, 0)],
        Charges = [new(2.00m, TaxCategory.S, 21), new(2.00m, TaxCategory.Z, 0), new(2.00m, TaxCategory.E, 0)],
        AllowanceTotal = 5.00m,
        ChargeTotal = 6.00m,
        NetTotal = 201.00m,
        GrossTotal = 227.21m,
        Prepaid = 27.00m,
        Rounding = -0.21m,
        Due = 200.00m,
    };

    private static readonly Dictionary<string, EInvoice> Broken = new()
    {
        ["BR-CO-10"] = Mixed with { LineTotal = 200.01m },
        ["BR-CO-11"] = Mixed with { AllowanceTotal = 5.01m },
        ["BR-CO-12"] = Mixed with { ChargeTotal = 5.99m },
        ["BR-CO-13"] = Mixed with { NetTotal = 200.00m },
        ["BR-CO-14"] = Mixed with { TaxTotal = 26.20m },
        ["BR-CO-15"] = Mixed with { GrossTotal = 227.20m },
        ["BR-CO-16"] = Mixed with { Rounding = 0 },
        ["BR-CO-17"] = WithGroup(0, group => group with { Tax = 21.20m }),
        ["BR-CO-18"] = Mixed with { TaxGroups = [] },
        ["BR-DEC-01"] = Mixed with { Allowances = [new(1.001m, TaxCategory.S, 21)] },
        ["BR-DEC-05"] = Mixed with { Charges = [new(1.001m, TaxCategory.S, 21)] },
        ["BR-DEC-09"] = Mixed with { LineTotal = 200.001m },
        ["BR-DEC-10"] = Mixed with { AllowanceTotal = 5.001m },
        ["BR-DEC-11"] = Mixed with { ChargeTotal = 6.001m },
        ["BR-DEC-12"] = Mixed with { NetTotal = 201.001m },
        ["BR-DEC-13"] = Mixed with { TaxTotal = 26.211m },
        ["BR-DEC-14"] = Mixed with { GrossTotal = 227.211m },
        ["BR-DEC-16"] = Mixed with { Prepaid = 27.001m },
        ["BR-DEC-17"] = Mixed with { Rounding = -0.211m },
        ["BR-DEC-18"] = Mixed with { Due = 199.999m },
        ["BR-DEC-19"] = WithGroup(0, group => group with { Base = 101.001m }),
        ["BR-DEC-20"] = WithGroup(0, group => group with { Tax = 21.211m }),
        ["BR-DEC-23"] = WithLine(0, line => line with { Net = 100.001m }),
        ["BR-DEC-24"] = WithLine(0, line => line with { Allowances = [5.001m] }),
        ["BR-DEC-27"] = WithLine(0, line => line with { Charges = [1.001m] }),
    };

    public static TheoryData<string> BrokenRules => new(Broken.Keys);

    public static TheoryData<TaxCategory> Categories => new(Enum.GetValues<TaxCategory>());

    [Fact]
    public void A_sound_document_breaks_no_rule() => Assert.Empty(En16931Rules.Check(Mixed));

    [Theory]
    [MemberData(nameof(BrokenRules))]
    public void A_wrong_total_breaks_its_rule(string rule) => Assert.Contains(rule, RulesOf(Broken[rule]));

    [Theory]
    [MemberData(nameof(Categories))]
    public void A_category_by_itself_is_sound(TaxCategory category) => Assert.Empty(En16931Rules.Check(Only(category)));

    [Theory]
    [InlineData(TaxCategory.S, "S")]
    [InlineData(TaxCategory.Z, "Z")]
    [InlineData(TaxCategory.E, "E")]
    [InlineData(TaxCategory.AE, "AE")]
    [InlineData(TaxCategory.K, "IC")]
    [InlineData(TaxCategory.G, "G")]
    [InlineData(TaxCategory.O, "O")]
    public void Every_category_has_its_ten_rules(TaxCategory category, string name)
    {
        var sound = Only(category);
        var wrongRate = category == TaxCategory.S ? 0m : 5m;
        var parties = category == TaxCategory.O ? Known : new TaxParties { BuyerRegistration = "HRB 1" };
        var group = sound.TaxGroups[0];
        var otherReason = group with { Reason = group.Reason is null ? "Because" : null };

        Breaks(1, sound with { TaxGroups = [] });
        Breaks(2, sound with { Parties = parties });
        Breaks(3, sound with { Parties = parties });
        Breaks(4, sound with { Parties = parties });
        Breaks(5, sound with { Lines = [sound.Lines[0] with { Rate = wrongRate }] });
        Breaks(6, sound with { Allowances = [sound.Allowances[0] with { Rate = wrongRate }] });
        Breaks(7, sound with { Charges = [sound.Charges[0] with { Rate = wrongRate }] });
        Breaks(8, sound with { TaxGroups = [group with { Base = group.Base + 1 }] });
        Breaks(9, sound with { TaxGroups = [group with { Tax = group.Tax + 0.01m }] });
        Breaks(10, sound with { TaxGroups = [otherReason] });

        void Breaks(int number, EInvoice broken) => Assert.Contains($"BR-{name}-{number:00}", RulesOf(broken));
    }

    [Theory]
    [InlineData(TaxCategory.AE, "BR-AE-02")]
    [InlineData(TaxCategory.K, "BR-IC-02")]
    public void The_buyer_of_a_reverse_charge_is_identified(TaxCategory category, string rule) =>
        Assert.Contains(rule, RulesOf(Only(category) with { Parties = Known with { BuyerVatId = null } }));

    [Fact]
    public void A_reverse_charge_may_know_the_buyer_by_its_registration()
    {
        var parties = Known with { BuyerVatId = null, BuyerRegistration = "HRB 1" };

        Assert.Empty(RulesOf(Only(TaxCategory.AE) with { Parties = parties }));
    }

    [Theory]
    [InlineData(TaxCategory.Z, "BR-Z-01")]
    [InlineData(TaxCategory.AE, "BR-AE-01")]
    public void Only_the_standard_category_has_several_groups(TaxCategory category, string rule)
    {
        var sound = Only(category);

        Assert.Contains(rule, RulesOf(sound with { TaxGroups = [sound.TaxGroups[0], sound.TaxGroups[0]] }));
    }

    [Fact]
    public void Outside_the_scope_mixes_with_nothing()
    {
        var outside = Only(TaxCategory.O);

        Assert.Contains("BR-O-11", RulesOf(outside with { TaxGroups = [.. outside.TaxGroups, Mixed.TaxGroups[0]] }));
        Assert.Contains("BR-O-12", RulesOf(outside with { Lines = Mixed.Lines }));
        Assert.Contains("BR-O-13", RulesOf(outside with { Allowances = Mixed.Allowances }));
        Assert.Contains("BR-O-14", RulesOf(outside with { Charges = Mixed.Charges }));
    }

    [Theory]
    [InlineData(TaxCategory.S, 21, null)]
    [InlineData(TaxCategory.AE, 0, "VATEX-EU-AE")]
    [InlineData(TaxCategory.O, 0, "VATEX-EU-O")]
    public void A_draft_makes_a_sound_document(TaxCategory category, int rate, string? reasonCode)
    {
        var due = DueCharge.In(new Period(2026, 11), Contract("2026-01-15", end: "2026-11-20"))
            .Select(charge => charge with { Usage = new MeteredUsage(1_234.567m) });
        var draft = InvoiceDraft.Of(Euro, [.. due], new TaxTreatment(category, rate, reasonCode)).Value;

        var document = EInvoice.Of(draft, Known);

        Assert.Empty(En16931Rules.Check(document));
        Assert.Equal(reasonCode, document.TaxGroups.Single().ReasonCode);
        Assert.Equal(category == TaxCategory.O, document.Parties.SellerVatId is null);
    }

    private static List<string> RulesOf(EInvoice invoice) =>
        En16931Rules.Check(invoice).Select(violation => violation.Rule).ToList();

    private static EInvoice Only(TaxCategory category)
    {
        decimal? rate = category switch { TaxCategory.S => 21, TaxCategory.O => null, _ => 0 };
        var reason = category is TaxCategory.S or TaxCategory.Z ? null : "Because";
        var tax = category == TaxCategory.S ? 21.00m : 0;
        return Document([new(100.00m, category, rate)], [new(category, rate, 100.00m, tax, Reason: reason)]) with
        {
            Parties = category == TaxCategory.O ? new TaxParties() : Known,
            Allowances = [new(2.00m, category, rate)],
            Charges = [new(2.00m, category, rate)],
            AllowanceTotal = 2.00m,
            ChargeTotal = 2.00m,
        };
    }

    private static EInvoice Document(IReadOnlyList<EInvoiceLine> lines, IReadOnlyList<EInvoiceTaxGroup> groups)
    {
        var (net, tax) = (lines.Sum(line => line.Net), groups.Sum(group => group.Tax));
        return new EInvoice
        {
            Currency = Euro,
            Parties = Known,
            Lines = lines,
            Allowances = [],
            Charges = [],
            TaxGroups = groups,
            LineTotal = net,
            AllowanceTotal = 0,
            ChargeTotal = 0,
            NetTotal = net,
            TaxTotal = tax,
            GrossTotal = net + tax,
            Due = net + tax,
        };
    }

    private static EInvoice WithGroup(int at, Func<EInvoiceTaxGroup, EInvoiceTaxGroup> change) =>
        Mixed with { TaxGroups = [.. Mixed.TaxGroups.Select((group, i) => i == at ? change(group) : group)] };

    private static EInvoice WithLine(int at, Func<EInvoiceLine, EInvoiceLine> change) =>
        Mixed with { Lines = [.. Mixed.Lines.Select((line, i) => i == at ? change(line) : line)] };
}
