using Dapper;
using Npgsql;

namespace ExternalServices.Api.Tests.Billing;

/// <summary>
/// A provider with as many contracts as one likes, each of a customer of its own, with usage of 2026-10.
/// </summary>
internal static class ManyContracts
{
    public static Task Create(Surroundings surroundings, int contracts, int eventsPerContract) =>
        surroundings.Sql($"{World.Catalogue};\n{Parties(contracts)}\n{Usage(contracts, eventsPerContract)}");

    private static string Parties(int contracts) =>
        $$$"""
        insert into parties.legal_entities (code, currency, zone, version, created_at)
        values ('NW', 'EUR', 'Europe/Madrid', 1, now());
        insert into parties.legal_entity_details (
            legal_entity, version, name, street, city, postal_code, country, vat_id, changed_at)
        values ('NW', 1, 'Northwind', 'x', 'x', 'x', 'ES', 'ESB12345678', now());
        insert into parties.tax_rates (id, country, category, rate, valid_from)
        values (gen_random_uuid(), 'ES', 'S', 21, '2012-09-01');
        insert into parties.customers (
            code, legal_entity, currency, zone, language, payment_terms_days, version, created_at)
        select 'C' || lpad(n::text, 7, '0'), 'NW', 'EUR', 'Europe/Madrid', 'en', 30, 1, now()
        from generate_series(1, {{{contracts}}}) n;
        insert into parties.customer_details (
            customer, version, name, street, city, postal_code, country, changed_at)
        select code, 1, code, 'x', 'x', 'x', 'ES', now() from parties.customers;
        insert into contracts.plans (code, name, currency, created_at) values ('P', 'P', 'EUR', now());
        insert into contracts.plan_versions (plan, version, months_per_period, state, created_at)
        values ('P', 1, 1, 'draft', now());
        insert into contracts.plan_charges (
            plan, version, position, code, service, description, unit, is_metered, model)
        values
            ('P', 1, 1, 'BASE', 'SUPPORT', 'Base fee', 'month', false,
                '{"model": "flat", "amount": "9.90", "timing": "inAdvance"}'),
            ('P', 1, 2, 'STORAGE', 'STORAGE', 'Storage', 'GB', true, '{"model": "perUnit", "unitPrice": "0.0237"}');
        update contracts.plan_versions set state = 'published', published_at = now();
        insert into contracts.contracts (
            code, customer, legal_entity, plan, plan_version, currency, start_date, anchor_date, version, signed_at)
        select code, code, 'NW', 'P', 1, 'EUR', '2026-01-01', '2026-01-01', 1, now() from parties.customers;
        insert into contracts.metered_services (contract, customer, service, days)
        select code, code, 'STORAGE', daterange('2026-01-01', null) from parties.customers;
        """;

    private static string Usage(int contracts, int eventsPerContract) =>
        $"""
        insert into usage.events (customer, source, id, service, at, quantity, cost_month, batch, accepted_at)
        select 'C' || lpad(n::text, 7, '0'), 'meter', e::text, 'STORAGE',
            timestamptz '2026-10-01 00:00:00+02' + e * interval '1 hour', n % 97 + e * 0.125, '2026-10-01',
            nextval('usage.batches'), now()
        from generate_series(1, {eventsPerContract}) e, generate_series(1, {contracts}) n;
        analyze;
        """;

    /// <summary>Every invoice with its number, amounts and lines, in the order of the numbers.</summary>
    public static async Task<string[]> Invoices(Surroundings surroundings)
    {
        await using var connection = new NpgsqlConnection(surroundings.Database.SuperuserConnectionString);
        return [.. await connection.QueryAsync<string>(Select)];
    }

    private const string Select = """
        select format('%s %s %s %s %s %s', i.sequence, i.number, i.contract, i.net, i.gross, string_agg(
            format('%s %s %s %s %s', l.number, l.charge, l.metered_quantity, l.events, l.net), ';' order by l.number))
        from billing.invoices i
        join billing.invoice_lines l on l.invoice = i.id
        group by i.id
        order by i.sequence
        """;
}
