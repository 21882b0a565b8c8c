// Package equivalence proves that a rule is one rule wherever it is applied: plain Rego that sees one record at a time, the
// condition that the engine makes of it, in memory, and the same condition in SQL on PostgreSQL, MariaDB and SQLite release
// exactly the same records; and that the policy that ships keeps its promises, whoever asks. It has tests only.
package equivalence
