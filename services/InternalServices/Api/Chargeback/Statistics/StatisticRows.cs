using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Statistics;

/// <summary>Statistics as they are stored.</summary>
internal static class StatisticRows
{
    /// <summary>What is counted of the department in the month; null when there is no such department.</summary>
    public static async Task<DepartmentStatistics?> Load(Transaction transaction, string department, Period month) =>
        await transaction.SingleOrDefault<long?>(SelectVersion, new { Department = department, Month = month })
            is { } version
            ? new DepartmentStatistics
            {
                Department = department,
                Month = month,
                Statistics = await transaction.Query<DepartmentStatistics.Statistic>(
                    SelectStatistics, new { Department = department, Month = month }),
                Version = version,
            }
            : null;

    private const string SelectVersion = """
        select coalesce(sheet.version, 0)
        from organisation.departments department
        left join chargeback.statistic_sheets sheet
            on sheet.department_code = department.code and sheet.month = @Month
        where department.code = @Department
        """;

    private const string SelectStatistics = """
        select code, trim_scale(quantity) as quantity
        from chargeback.statistics
        where department_code = @Department and month = @Month
        order by code
        """;
}
