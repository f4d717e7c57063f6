-- Balances taken over from the books kept before, and what accounts are called in the accounting system.
alter table chargeback.journal_transactions
    alter column run_id drop not null,
    add column description text,
    drop constraint journal_transactions_kind_check,
    add constraint journal_transactions_kind_check check (kind in ('posting', 'reversal', 'openingBalance')),
    add constraint journal_transactions_posting_check check (kind <> 'posting' or run_id is not null),
    add constraint journal_transactions_opening_check
        check (kind <> 'openingBalance' or (run_id is null and description is not null));

alter table chargeback.journal_entries
    drop constraint journal_entries_account_kind_check,
    add constraint journal_entries_account_kind_check
        check (account_kind in ('pool', 'department', 'openingBalance'));

create table chargeback.account_mappings (
    account_kind text not null check (account_kind in ('pool', 'department', 'openingBalance')),
    account_code organisation.code not null,
    erp_account organisation.code,
    erp_cost_center organisation.code,
    version bigint not null,
    changed_at timestamptz not null,
    changed_by text not null,
    primary key (account_kind, account_code)
);
