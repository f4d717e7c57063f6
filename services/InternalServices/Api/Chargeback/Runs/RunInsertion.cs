using System.Text.Json;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Json;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>Stores what an allocation made of a month.</summary>
internal static class RunInsertion
{
    /// <summary>The new run's id, or null when a run of the same inputs stands already.</summary>
    public static async Task<Guid?> Insert(
        Transaction transaction, RunInput input, AllocationRun allocation, string subject)
    {
        var id = Guid.CreateVersion7(transaction.Now);
        await transaction.Execute(InsertMonth, new { Month = allocation.Period });
        if (await InsertRun(transaction, id, input, allocation, subject) == 0) return null;

        await InsertPools(transaction, id, allocation);
        await InsertCosts(transaction, id, input.Costs);
        await InsertLines(transaction, id, allocation.Lines);
        await InsertFlows(transaction, id, allocation.Flows);
        await InsertExternalCosts(transaction, id, allocation.External);
        return id;
    }

    private static Task<int> InsertRun(
        Transaction transaction, Guid id, RunInput input, AllocationRun allocation, string subject)
    {
        var certificate = allocation.Certificate;
        return transaction.Execute(
            InsertHead,
            new
            {
                Id = id,
                Month = allocation.Period,
                input.RuleSet,
                allocation.Method,
                allocation.Currency,
                certificate.InputHash,
                certificate.EngineVersion,
                input.ExternalUsageFinal,
                certificate.PoolTotal,
                certificate.DepartmentTotal,
                certificate.ExternalShare,
                certificate.Unallocated,
                allocation.External.OverheadResidual,
                certificate.EntryRows,
                certificate.Pools,
                certificate.Drivers,
                certificate.Lines,
                Warnings = JsonSerializer.Serialize(allocation.Warnings, Wire.Options),
                transaction.Now,
                Subject = subject,
            });
    }

    private static Task<int> InsertPools(Transaction transaction, Guid id, AllocationRun allocation) =>
        transaction.Execute(
            InsertRunPools,
            new
            {
                Id = id,
                Pools = allocation.Pools.Select(pool => pool.Code).ToArray(),
                Services = allocation.Pools.Select(pool => pool.Service).ToArray(),
                Exacts = allocation.Pools.Select(pool => pool.Exact).ToArray(),
                Amounts = allocation.Pools.Select(pool => pool.Amount).ToArray(),
                Roundings = allocation.Pools.Select(pool => pool.RoundingUnits).ToArray(),
                SharedExacts = allocation.Pools.Select(pool => pool.SharedExact).ToArray(),
                Shareds = allocation.Pools.Select(pool => pool.Shared).ToArray(),
                Capacities = allocation.Pools.Select(pool => pool.Capacity?.Practical).ToArray(),
                Used = allocation.Pools.Select(pool => pool.Capacity?.Used).ToArray(),
                Unused = allocation.Pools.Select(pool => pool.Capacity?.Unused).ToArray(),
                Rates = allocation.Pools.Select(pool => pool.Capacity?.Rate).ToArray(),
            });

    private static Task<int> InsertCosts(Transaction transaction, Guid id, IReadOnlyList<CostSum> costs) =>
        transaction.Execute(
            InsertRunCosts,
            new
            {
                Id = id,
                Pools = costs.Select(cost => cost.Pool).ToArray(),
                Origins = costs.Select(cost => cost.OriginMonth).ToArray(),
                Kinds = costs.Select(cost => cost.Kind).ToArray(),
                Departments = costs.Select(cost => cost.Department).ToArray(),
                Customers = costs.Select(cost => cost.Customer).ToArray(),
                Amounts = costs.Select(cost => cost.Amount).ToArray(),
                Rows = costs.Select(cost => cost.Rows).ToArray(),
            });

    private static Task<int> InsertLines(Transaction transaction, Guid id, IReadOnlyList<AllocationLine> lines) =>
        transaction.Execute(
            InsertRunLines,
            new
            {
                Id = id,
                Pools = lines.Select(line => line.Pool).ToArray(),
                Departments = lines.Select(line => line.Department).ToArray(),
                Customers = lines.Select(line => line.Customer).ToArray(),
                Kinds = lines.Select(line => line.Kind).ToArray(),
                Amounts = lines.Select(line => line.Amount).ToArray(),
                Exacts = lines.Select(line => line.Exact).ToArray(),
                Roundings = lines.Select(line => line.RoundingUnits).ToArray(),
                Quantities = lines.Select(line => line.Quantity).ToArray(),
                Totals = lines.Select(line => line.TotalQuantity).ToArray(),
                Shares = lines.Select(line => line.Share).ToArray(),
            });

    private static Task<int> InsertFlows(Transaction transaction, Guid id, IReadOnlyList<PoolFlow> flows) =>
        transaction.Execute(
            InsertRunFlows,
            new
            {
                Id = id,
                Pools = flows.Select(flow => flow.Pool).ToArray(),
                ToPools = flows.Select(flow => flow.To.Kind == ConsumerKind.Pool ? flow.To.Code : null).ToArray(),
                Departments = flows.Select(flow => flow.To.Kind == ConsumerKind.Pool ? null : flow.To.Code).ToArray(),
                Quantities = flows.Select(flow => flow.Quantity).ToArray(),
                Totals = flows.Select(flow => flow.TotalQuantity).ToArray(),
                AreCapacity = flows.Select(flow => flow.IsCapacity).ToArray(),
            });

    private static async Task InsertExternalCosts(Transaction transaction, Guid id, ExternalCosts external)
    {
        await transaction.Execute(
            InsertServiceCosts,
            new
            {
                Id = id,
                Services = external.Services.Select(service => service.Service).ToArray(),
                Costs = external.Services.Select(service => service.Cost).ToArray(),
                Quantities = external.Services.Select(service => service.Quantity).ToArray(),
                UnitCosts = external.Services.Select(service => service.UnitCost).ToArray(),
                Unused = external.Services.Select(service => service.UnusedCapacity).ToArray(),
            });
        await transaction.Execute(
            InsertCustomerCosts,
            new
            {
                Id = id,
                Customers = external.Customers.Select(customer => customer.Customer).ToArray(),
                Costs = external.Customers.Select(customer => customer.Cost).ToArray(),
            });
    }

    private const string InsertMonth = """
        insert into chargeback.periods (month, state, version) values (@Month, 'open', 1)
        on conflict (month) do nothing
        """;

    private const string InsertHead = """
        insert into chargeback.runs (
            id, month, state, version, rule_set_version, method, currency, input_hash, engine_version,
            external_usage_final, pool_total, department_total, external_share, unallocated, overhead_residual,
            entry_rows, pools, drivers, lines, warnings, calculated_at, calculated_by)
        values (
            @Id, @Month, 'calculated', 1, @RuleSet, @Method, @Currency, @InputHash, @EngineVersion, @ExternalUsageFinal,
            @PoolTotal, @DepartmentTotal, @ExternalShare, @Unallocated, @OverheadResidual, @EntryRows, @Pools,
            @Drivers, @Lines, @Warnings::jsonb, @Now, @Subject)
        on conflict (month, input_hash) where state in ('calculated', 'posted') do nothing
        """;

    private const string InsertRunPools = """
        insert into chargeback.run_pools (
            run_id, pool_code, service_code, exact, amount, rounding_units, shared_exact, shared, capacity,
            capacity_used, capacity_unused, capacity_rate)
        select @Id, pool, service, exact, amount, rounding_units, shared_exact, shared, capacity, used, unused, rate
        from unnest(@Pools, @Services, @Exacts, @Amounts, @Roundings, @SharedExacts, @Shareds, @Capacities, @Used,
            @Unused, @Rates) as result (
                pool, service, exact, amount, rounding_units, shared_exact, shared, capacity, used, unused, rate)
        """;

    private const string InsertRunCosts = """
        insert into chargeback.run_costs (
            run_id, position, pool_code, origin_month, kind, department_code, customer_code, amount, rows)
        select @Id, number, pool, origin, kind, department, customer, amount, rows
        from unnest(@Pools, @Origins, @Kinds, @Departments, @Customers, @Amounts, @Rows)
            with ordinality as cost (pool, origin, kind, department, customer, amount, rows, number)
        """;

    private const string InsertRunLines = """
        insert into chargeback.run_lines (
            run_id, position, pool_code, department_code, customer_code, kind, amount, exact, rounding_units, quantity,
            total_quantity, share)
        select @Id, number, pool, department, customer, kind, amount, exact, rounding_units, quantity, total, share
        from unnest(@Pools, @Departments, @Customers, @Kinds, @Amounts, @Exacts, @Roundings, @Quantities, @Totals,
            @Shares)
            with ordinality as line (
                pool, department, customer, kind, amount, exact, rounding_units, quantity, total, share, number)
        """;

    private const string InsertRunFlows = """
        insert into chargeback.run_flows (
            run_id, position, pool_code, department_code, consumer_pool_code, quantity, total_quantity, is_capacity)
        select @Id, number, pool, department, to_pool, quantity, total, is_capacity
        from unnest(@Pools, @Departments, @ToPools, @Quantities, @Totals, @AreCapacity)
            with ordinality as flow (pool, department, to_pool, quantity, total, is_capacity, number)
        """;

    private const string InsertServiceCosts = """
        insert into chargeback.run_service_costs (run_id, service_code, cost, quantity, unit_cost, unused_capacity)
        select @Id, service, cost, quantity, unit_cost, unused
        from unnest(@Services, @Costs, @Quantities, @UnitCosts, @Unused)
            as external (service, cost, quantity, unit_cost, unused)
        """;

    private const string InsertCustomerCosts = """
        insert into chargeback.run_customer_costs (run_id, customer_code, cost)
        select @Id, customer, cost from unnest(@Customers, @Costs) as external (customer, cost)
        """;
}
