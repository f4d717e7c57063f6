-- A closed month can be opened again by the internal side. Its words come through several queues, in any order: the
-- version of the latest that was followed says which of them is out of date.
alter table profitability.months
    add column told_version bigint not null default 0,
    add column reopened_at timestamptz,
    add column reopening_reason text,
    add check ((reopened_at is null) = (reopening_reason is null));
