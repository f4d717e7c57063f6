-- What issued documents change of the revenue that contracts tell: true-ups add, credit notes take back.
create table profitability.adjustments (
    month date not null,
    invoice uuid not null,
    line int not null,
    customer text collate "C" not null,
    currency text not null,
    amount numeric(20, 4) not null check (amount <> 0),
    primary key (invoice, line, month), -- nothing counts twice
    foreign key (invoice, line) references billing.invoice_lines (invoice, number)
);
create index adjustments_month on profitability.adjustments (month);

create index invoice_lines_true_ups on billing.invoice_lines (invoice, number) where kind = 'trueUp';
