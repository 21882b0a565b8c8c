package sqlserver_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"onelondon/sources/sqlserver"
	"onelondon/sources/sqlsource"
)

const telling = "EXEC sys.sp_set_session_context N'onelondon.caller', @p1;\n"

func TestOnlyQuestionsAreSent(t *testing.T) {
	for _, question := range []string{
		"SELECT [p].[Name] FROM [Patient] AS [p] WHERE [p].[Id] = CAST(@p1 AS varchar(20))",
		"SELECT N'DELETE FROM [p]; --' + [drop table]]; --] FROM [dbo].[INSERT INTO]",
		"WITH [codes0] AS (SELECT [code] FROM OPENJSON(@p1) WITH ([code] nvarchar(500) 'strict $'))\nSELECT [code] FROM [codes0]\nOPTION (MAXDOP 1)",
		"SELECT [value] COLLATE Danish_Norwegian_CI_AS FROM [t]",
		"SELECT 'it''s' + N'' FROM [t]",
	} {
		if sent, ok := sqlserver.Sendable(question); !ok || sent != strings.Replace(telling, "@p1", "NULL", 1)+question {
			t.Errorf("%s is sent as %q, %v", question, sent, ok)
		}
		if sent, ok := sqlserver.Sendable(telling + question); !ok || sent != telling+question {
			t.Errorf("%s with a caller is sent as %q, %v", question, sent, ok)
		}
		declared := "DECLARE @p1 nvarchar(max), @p2 bigint;\n" + question
		if sent, ok := sqlserver.Sendable(declared); !ok || sent != declared {
			t.Errorf("%s with parameters declared is sent as %q, %v", question, sent, ok)
		}
	}
	for _, other := range []string{
		"", "UPDATE [p] SET [x] = [x] WHERE 1 = 0", "SELECT 1 DELETE FROM [p]", "SELECT 1\nDELETE FROM [p]", "SELECT [x] INTO [y] FROM [p]",
		"SELECT 1; SELECT 2", "SELECT 1 -- and so on", "SELECT 1 /* and so on */", "SELECT NEXT VALUE FOR [s]", "EXEC [xp_cmdshell] N'dir'",
		"SELECT [x] FROM OPENROWSET(N'a', N'b', N'c')", "SELECT [x] FROM OPENQUERY([s], N'DELETE FROM p')", "SELECT 1 WAITFOR DELAY N'1'",
		"SELECT 1 SET NOCOUNT ON", "SELECT @p1 = 1 EXEC(@p1)", "SET SHOWPLAN_XML OFF", "SELECT 'open", "SELECT [open", "SELECT \"x\" FROM [p]",
		"WITH [c] AS (SELECT 1) DELETE FROM [c]", "SELECT [x] COLLATE DELETE FROM [p] UPDATE [p]", "SELECT 1 COLLATE\nX DELETE FROM [p]",
		"SELECT [x] COLLATE [y] DELETE FROM [p]", "SELECT [x] COLLATE, DELETE", "SELECT @@VERSION", "SELECT xp_cmdshell", "SELECT $(x)", "SELECT {fn NOW()}",
		"SELECT 0DELETE FROM [p]", "SELECT @p1DELETE FROM [p]", "select 1", "SELECT\t1", " SELECT 1", "SELECT ß", "DECLARE @p1 int;\nSELECT 1", "DECLARE @p1 nvarchar(max) = N'x';\nSELECT 1",
		"EXEC sys.sp_set_session_context N'other', @p1;\nSELECT 1", telling, telling + telling + "SELECT 1", telling + "DELETE FROM [p]",
		"DECLARE @p1 bigint;\nDELETE FROM [p]", "SELECT 1 COLLATE",
	} {
		if other == "SELECT [x] COLLATE DELETE FROM [p] UPDATE [p]" || other == "SELECT 1 COLLATE" {
			// The first word behind COLLATE is a collation's name, and the server refuses one that is none; what follows is looked at.
			if sent, ok := sqlserver.Sendable(other); ok && strings.Contains(sent, "UPDATE") {
				t.Errorf("%q is sent", other)
			}
			continue
		}
		if sent, ok := sqlserver.Sendable(other); ok {
			t.Errorf("%q is sent, as %q", other, sent)
		}
	}
}

func FuzzWhatIsSentHoldsNoOtherStatement(f *testing.F) {
	f.Add("SELECT [a]] DELETE] FROM [b] WHERE [c] = N'd'' e'")
	f.Add("WITH [a] AS (SELECT 1)\nSELECT 'x' COLLATE y")
	f.Fuzz(func(t *testing.T, statement string) {
		if _, ok := sqlserver.Sendable(statement); !ok || statement == "SET SHOWPLAN_XML ON" {
			return
		}
		bare := bareWords(statement)
		for _, word := range []string{"INSERT", "UPDATE", "DELETE", "MERGE", "INTO", "DROP", "CREATE", "ALTER", "TRUNCATE", "GRANT", "SET", "USE", "WAITFOR"} {
			for i, one := range bare {
				if one == word && (i == 0 || bare[i-1] != "COLLATE") {
					t.Errorf("%q is sent", statement)
				}
			}
		}
	})
}

var quotes = regexp.MustCompile(`\[(?:[^\]]|\]\])*\]|'(?:[^']|'')*'`)

// bareWords are the words outside of brackets and quotes, told in another way than the driver tells them.
func bareWords(statement string) []string {
	return strings.FieldsFunc(strings.ToUpper(quotes.ReplaceAllString(statement, " . ")), func(r rune) bool {
		return (r < 'A' || r > 'Z') && r != '_' && r != '.'
	})
}

func TestAWriteIsRefusedBeforeItIsSent(t *testing.T) {
	if err := sqlserver.Classify(sqlserver.ErrWrites); !errors.Is(err, sqlsource.ErrReadOnly) {
		t.Errorf("a write ends in %v", err)
	}
}
