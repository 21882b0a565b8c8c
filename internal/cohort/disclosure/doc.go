// Package disclosure decides what of an exact answer about many people may leave, so that nobody is given away: by one table
// ([Protect]), and by all the questions that a project ever asked ([Ledger]).
//
//	result, err := disclosure.Protect(counted, definition, rules)
//
// Of one table: numbers of 0 to 7 people are redacted and the rest rounded to the nearest 5; totals and rates are made of what is
// shown; a further cell is redacted where the people of redacted ones could be had by subtraction; a row is there, redacted,
// whether or not anybody is in it; events and quantiles are shown only where enough people contributed and none of them most.
//
// The numbers are the policy's and come as [Rules]. The same exact answer always gives the same result: there is no noise, so
// nothing is gained by asking again.
package disclosure
