// Package translation breaks the program where it turns a rule into what a database and the gate act on, one small thing at a
// time, and shows that somebody notices: the translator from Rego, the condition in memory, the condition in SQL, and the
// gate's second look at what came back. What notices are the tests of those packages and the proofs of equivalence and of leaks.
//
// Beside them, what a question about many people asks of sources is broken, and noticed by the tests of its engine.
//
// All breaks are compiled into one changed copy of the files, which is laid over them (go build -overlay); an environment
// variable says which of them is in force, and none is where it says nothing. What ships holds none of it.
//
// A break that nobody notices has survived: either a test is missing, or the break changes nothing that anybody could see.
// The latter stand in equivalent.yaml, each with its reason. The package has tests only.
//
// Some breaks alone are tried by name, those of one function say, in a minute where all take hours:
//
//	ONELONDON_BREAKS='free.go: doubt' go test -v -run ABreak ./proof/translation
package translation
