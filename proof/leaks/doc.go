// Package leaks proves that of what is withheld nothing leaves, by whatever way, and that what is released arrives. It makes
// people whose records hold marks in every field, asks random questions about them as random callers, and holds every string
// that comes back against what a reference as simple as can be says may be seen. It has tests only.
package leaks
