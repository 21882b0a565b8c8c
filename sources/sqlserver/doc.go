// Package sqlserver asks Microsoft SQL Server, from version 2016 on (compatibility level 130), through go-mssqldb.
//
// SQL Server has no session that only reads. Three things stand in for one: the connection refuses every statement that is not
// made of the words a question is made of, before it is sent; the login says that it intends to read only, which a read-only
// replica demands and which is told to the server's logs; and `source check` says what else the login may do. Give it db_datareader
// or less.
//
// Every statement begins by telling the session who asks, as SESSION_CONTEXT(N'onelondon.caller'), in the same round trip: traces,
// audits and security policies of the server can read it there. Statements read a snapshot where the database allows that, wait
// for nobody's locks longer than the statement's time limit, and lose every deadlock. The server itself has no limit on how long
// a statement runs; it is told to stop when nobody waits any more.
//
// The DSN is a URL. Traffic is encrypted and the server's certificate is checked unless the server is this machine; encrypt=strict
// asks for TDS 8.0, certificate= names a file with the certificate of an authority of one's own.
//
//	source, err := sqlserver.Open(ctx, sqlsource.Options{ID: "emis", Mapping: emis,
//		DSN: "sqlserver://reader:" + password + "@sql.example:1433?database=EMIS&encrypt=strict"})
//
// What is asked and how is the business of package sqlsource.
package sqlserver
