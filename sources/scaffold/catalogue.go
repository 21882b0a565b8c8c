package scaffold

import (
	"onelondon/sources/sqlsource"
)

// Catalogue is what is known of a database before anything is guessed.
type Catalogue struct {
	Tables []Table
	// Among says how many of the values sampled of one column are found in another, where that was asked of the database.
	Among map[Pair]Found
}

// Table is a table with what its sample looks like.
type Table struct {
	sqlsource.Table
	Stats  []Stats // of each column, in their order
	Rows   int     // how many rows were looked at
	Whole  bool    // the sample is the whole table
	Unread bool    // the role may not read it, or reading took too long
}

// Place is a column of a table, by their numbers.
type Place struct{ Table, Column int }

// Pair is a column and another that it may point at.
type Pair struct{ From, To Place }

// Found is how many of the values asked for are there.
type Found struct{ Asked, Found int }

// share is how large a part was found; ok is false where nothing was asked.
func (f Found) share() (share float64, ok bool) {
	if f.Asked == 0 {
		return 0, false
	}
	return float64(f.Found) / float64(f.Asked), true
}

// among compares two columns by what was asked of the database, or else by their samples, which say nothing for certain of a
// table that was not read whole: then only values that are there count.
func (c *Catalogue) among(pair Pair) (Found, bool) {
	if asked, known := c.Among[pair]; known {
		return asked, asked.Asked > 0
	}
	from, to := c.stats(pair.From), c.stats(pair.To)
	found := from.among(to)
	if found.Asked == 0 || !c.Tables[pair.To.Table].Whole && found.Found < found.Asked {
		return found, false
	}
	return found, true
}

func (c *Catalogue) stats(at Place) *Stats { return &c.Tables[at.Table].Stats[at.Column] }

func (c *Catalogue) name(at Place) string { return c.Tables[at.Table].Columns[at.Column].Name }

func (c *Catalogue) column(at Place) string { return c.Tables[at.Table].Name + "." + c.name(at) }

type columnOf = sqlsource.Column
