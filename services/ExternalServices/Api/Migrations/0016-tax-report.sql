-- Finds a month's documents of a legal entity by the day that decides on their tax.
create index invoices_tax_point on billing.invoices (legal_entity, tax_point) where state <> 'draft';
create index credit_notes_issued on billing.credit_notes (legal_entity, issue_date);
