// Package transact is a model of Transact-SQL for tests where no SQL Server is: statements are read by a parser that nobody here
// wrote, held to what the server would refuse though it parses, and run over tables in memory.
//
// The model was written from the server's documentation, and is no server. It has the traps that matter for questions: a
// comparison of text takes no notice of trailing blanks, and of case and control characters too unless the collation is binary;
// texts under two collations cannot be compared or put into one column of a UNION; text becomes a number or a date when it is
// compared with one, or the statement fails; datetime becomes text that is no ISO date unless a style is named; LEN counts no
// trailing blanks. What it does not know it fails on. It says nothing of plans, locks, permissions or the wire.
//
//	db := transact.New()
//	err := db.Exec(`CREATE TABLE [Patient] ([Id] int, [Name] varchar(20))`)
//	rows, err := db.Query(`SELECT [p].[Name] FROM [Patient] AS [p] WHERE [p].[Id] = @p1`, int64(1))
package transact
