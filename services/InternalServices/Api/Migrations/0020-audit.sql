-- Every change of the organisation, the catalogue and the books is in the audit trail.
select audit.watch(format('%I.%I', schemaname, tablename)::regclass)
from pg_tables
where schemaname in ('organisation', 'chargeback')
order by schemaname, tablename;
