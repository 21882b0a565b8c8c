// Package seed writes people and their records into the tables of record systems that London already has: EMIS Web, TPP
// SystmOne, Discovery compass v2, Cerner Millennium as Barts Health extracts it, the PAS of Barking, Havering and Redbridge,
// and OMOP CDM 5.4. The demo site and the tests use it to make databases to ask; the server itself never writes to a source.
//
// A [Person] is a plain account of somebody with a list for each kind of record. A [Writer] knows one system: it makes the
// system's tables, under their real names and with every column, in SQLite, PostgreSQL or MariaDB, and puts each record
// where the system would keep it.
//
//	writer, err := seed.Open(ctx, db, seed.SQLite, seed.EMIS)
//	err = writer.Organisation(ctx, seed.Organisation{Code: "F84003", Name: "LOWER CLAPTON GROUP PRACTICE"})
//	err = writer.Person(ctx, &person)
//	err = writer.Close(ctx)
//
// The tables and columns are listed in the folder tables. The package knows no mapping: what it writes is read back through
// the mappings by tests, so that neither side can be wrong alone.
package seed
