package transact_test

import (
	"fmt"
	"strings"
	"testing"

	"onelondon/internal/testkit/transact"
)

func sample(t *testing.T) *transact.Database {
	t.Helper()
	db := transact.New()
	for _, statement := range []string{
		`CREATE TABLE [t] ([id] int, [word] nvarchar(20), [fixed] char(5), [at] datetime, [day] date, [part] float, [set] bit)`,
		`INSERT INTO [t] VALUES (1, N'a', 'x', '2019-04-03 10:22:00', '2019-04-03', 1234567.5, 1)`,
		`INSERT INTO [t] VALUES (2, N'A ', 'X', NULL, NULL, 0.5, 0), (3, NULL, NULL, NULL, NULL, NULL, NULL)`,
	} {
		if err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func TestTheModelHasTheTrapsOfTheServer(t *testing.T) {
	const exact = "CAST([t].[word] AS nvarchar(4000)) COLLATE Latin1_General_BIN2"
	for _, c := range []struct{ why, sql, want string }{
		{"text compares without case and trailing blanks", "SELECT [t].[id] FROM [t] WHERE [t].[word] = N'a  '", "1;2"},
		{"a binary collation has case and no trailing blanks", "SELECT [t].[id] FROM [t] WHERE " + exact + " = N'A'", "2"},
		{"a mark makes a blank count", "SELECT [t].[id] FROM [t] WHERE " + exact + " + NCHAR(1) = N'A' + NCHAR(1)", ""},
		{"a mark without a binary collation counts nothing", "SELECT [t].[id] FROM [t] WHERE [t].[word] + NCHAR(1) = N'a'", "1"},
		{"char is filled up with blanks", "SELECT [t].[fixed] + N'.' FROM [t] WHERE [t].[id] = 1", "x    ."},
		{"LEN counts no trailing blanks", "SELECT CAST(LEN([t].[word]) AS nvarchar(9)) FROM [t] WHERE [t].[id] = 2", "1"},
		{"datetime becomes no ISO text by CAST", "SELECT CAST([t].[at] AS nvarchar(30)) FROM [t] WHERE [t].[id] = 1", "Apr  3 2019 10:22AM"},
		{"datetime becomes ISO text by style 121", "SELECT CONVERT(nvarchar(19), [t].[at], 121) FROM [t] WHERE [t].[id] = 1", "2019-04-03 10:22:00"},
		{"date becomes ISO text", "SELECT CAST([t].[day] AS nvarchar(30)) FROM [t] WHERE [t].[id] = 1", "2019-04-03"},
		{"float loses digits by CAST", "SELECT CAST([t].[part] AS nvarchar(30)) FROM [t] WHERE [t].[id] = 1", "1.23457e+06"},
		{"NULL is neither", "SELECT [t].[id] FROM [t] WHERE NOT ([t].[set] = 1)", "2"},
		{"NOT IN a list with NULL is never true", "SELECT [t].[id] FROM [t] WHERE [t].[id] NOT IN (SELECT [u].[id] FROM (SELECT NULLIF([t].[id], 3) AS [id] FROM [t]) AS [u])", ""},
		{"text that is no number fails in a TRY_CONVERT only for its row", "SELECT [t].[id] FROM [t] WHERE TRY_CONVERT(float, [t].[word]) IS NULL", "1;2;3"},
		{"nothing is zero", "SELECT CAST(TRY_CONVERT(float, N'') AS nvarchar(9)) FROM [t] WHERE [t].[id] = 1", "0"},
		{"an order may have a limit", "SELECT TOP (1) [t].[id] FROM [t] ORDER BY [t].[id] DESC", "3"},
		{"a list is opened", "SELECT [t].[id] FROM [t] WHERE [t].[id] IN (SELECT [value] FROM OPENJSON(@p1) WITH ([value] bigint '$'))", "2;3"},
		{"rows are grouped without case", "SELECT CAST(MAX([t].[id]) AS nvarchar(9)) FROM [t] GROUP BY [t].[word]", "2;3"},
	} {
		rows, err := sample(t).Query(c.sql, `["2","3"]`)
		var got []string
		for _, row := range rows {
			got = append(got, fmt.Sprint(row[0]))
		}
		if strings.Join(got, ";") != c.want || err != nil {
			t.Errorf("%s: %s gives %q, %v, want %q", c.why, c.sql, strings.Join(got, ";"), err, c.want)
		}
	}
}

func TestTheModelRefusesWhatTheServerRefuses(t *testing.T) {
	const binary = "CAST([t].[word] AS nvarchar(4000)) COLLATE Latin1_General_BIN2"
	for _, sql := range []string{
		"SELECT [t].[id] FROM [t] LIMIT 5",
		"SELECT [t].[word] || N'x' FROM [t]",
		"SELECT [t].[id] = 1 FROM [t]",
		"SELECT [t].[id] IS NULL FROM [t]",
		"SELECT ([t].[id] = 1) FROM [t]",
		"SELECT [t].[id] FROM [t] WHERE TRUE",
		"SELECT [t].[id] FROM [t] WHERE [t].[set]",
		"SELECT [t].[id] FROM [t] WHERE [t].[set] IS TRUE",
		"SELECT CASE WHEN [t].[set] THEN N'1' END FROM [t]",
		"SELECT CASE WHEN [t].[set] = 1 THEN TRUE END FROM [t]",
		"SELECT CASE WHEN [t].[set] = 1 THEN NULL END FROM [t]",
		"SELECT id FROM [t]",
		"SELECT [t].[none] FROM [t]",
		"SELECT [t].[id] FROM [none] AS [t]",
		"SELECT [t].[id] FROM [t] WHERE [t].[id] = @p2",
		"SELECT [t].[id] FROM [t] WHERE [t].[word] = 'a'",
		"SELECT [t].[id] FROM [t] WHERE [t].[word] = 5",
		"SELECT [t].[id] FROM [t] WHERE [t].[at] >= N'soon'",
		"SELECT [t].[id] FROM [t] WHERE [t].[at] BETWEEN N'0001-01-01' AND CAST(N'0001-01-01' AS datetime)",
		"SELECT * FROM (SELECT TOP (1) [t].[id], N'x' FROM [t]) AS [b]",
		"SELECT * FROM (SELECT [t].[id] AS [c], [t].[word] AS [c] FROM [t]) AS [b]",
		"SELECT * FROM (SELECT [t].[id] AS [c] FROM [t] ORDER BY [t].[id]) AS [b]",
		"SELECT * FROM (SELECT [t].[id] AS [c] FROM [t])",
		"SELECT [b].[c] FROM (SELECT " + binary + " AS [c] FROM [t]) AS [b] UNION ALL SELECT [t].[word] FROM [t]",
		"SELECT [b].[c] FROM (SELECT CAST(NULL AS nvarchar(1)) AS [c] FROM [t]) AS [b] UNION ALL SELECT [a].[c] FROM (SELECT " + binary + " AS [c] FROM [t]) AS [a]",
		"SELECT [b].[c] FROM (SELECT NULL AS [c] FROM [t]) AS [b] UNION ALL SELECT [t].[word] FROM [t]",
		"SELECT [b].[c] FROM (SELECT " + binary + " AS [c] FROM [t]) AS [b] JOIN [t] ON [t].[word] = [b].[c]",
		"SELECT CAST(N'x' + " + binary + " AS nvarchar(9)) COLLATE Latin1_General_BIN2 FROM [t]",
		"SELECT CAST(CASE WHEN " + binary + " = N'a' THEN N'1' END AS nvarchar(9)) COLLATE Latin1_General_BIN2 FROM [t]",
		"SELECT [t].[id] FROM [t] UNION SELECT [t].[id] FROM [t]",
		"SELECT [t].[id] FROM [t] DELETE FROM [t]",
		"SELECT [t].[id] INTO [u] FROM [t]",
		"DELETE FROM [t]",
		"SELECT " + strings.Repeat("CASE WHEN [t].[id] = 1 THEN ", 11) + "1" + strings.Repeat(" END", 11) + " FROM [t]",
	} {
		if rows, err := sample(t).Query(sql, "x"); err == nil {
			t.Errorf("%s gives %v", sql, rows)
		}
	}
}
