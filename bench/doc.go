// Package bench measures the whole product against a hand-written program that asks the same databases the same SQL, what
// it costs to have more sources configured, and how many round trips to a database each question takes. README.md has the
// figures, and what profiles showed.
//
//	make bench
//
// Everything is in tests and benchmarks: the package itself is empty. The tests prove that the two programs that are
// compared give the same bytes, and how many round trips each question takes.
package bench
