package sqlserver

import (
	"context"
	"errors"
	"fmt"

	mssql "github.com/microsoft/go-mssqldb"

	"onelondon/sources"
	"onelondon/sources/sqlsource"
)

// fatal is the class from which on an error ends the session.
const fatal = 20

// classify keeps of an error its kind and number only: a message may quote a value. Those of missing tables and columns quote
// nothing but names.
func classify(err error) error {
	if errors.Is(err, errWrites) {
		return fmt.Errorf("%w: refused before it was sent", sqlsource.ErrReadOnly)
	}
	var refused mssql.Error
	if !errors.As(err, &refused) {
		return fmt.Errorf("%w: SQL Server", sources.ErrUnavailable)
	}
	return sources.WithCode(kindOf(&refused), fmt.Sprintf("SQL Server %d", refused.Number))
}

func kindOf(refused *mssql.Error) error {
	number := refused.Number
	switch number {
	case 207, 208: // invalid column name, invalid object name
		return fmt.Errorf("%w: %s", sources.ErrSchema, refused.Message)
	case 262: // no right to the plan
		return fmt.Errorf("%w: %w: error %d", sqlsource.ErrPlanDenied, sqlsource.ErrDenied, number)
	case 229, 230, 300, 916: // no right to the table, the column, the server, the database
		return fmt.Errorf("%w: %w: error %d", sources.ErrSchema, sqlsource.ErrDenied, number)
	case 206, 241, 242, 245, 248, 402, 468, 8114, 8115, 8134: // types that do not go together, text that is no such value; collations
		return fmt.Errorf("%w: error %d", sources.ErrSchema, number)
	case 3906, 3908: // the database is read-only, cannot be written to
		return fmt.Errorf("%w: error %d", sqlsource.ErrReadOnly, number)
	case 1222: // lock request time out
		return fmt.Errorf("%w: error %d", context.DeadlineExceeded, number)
	case 701, 976, 978, 983, 1205, 3952, 3960, 4060, 8645, 8651, 10928, 10929, 18456, 18470, 18486, 18487, 18488, 40197, 40501, 40613:
		return fmt.Errorf("%w: error %d", sources.ErrUnavailable, number)
	}
	if refused.Class >= fatal {
		return fmt.Errorf("%w: error %d", sources.ErrUnavailable, number)
	}
	return fmt.Errorf("SQL Server error %d", number)
}
