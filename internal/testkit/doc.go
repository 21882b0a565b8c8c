// Package testkit is what tests are built on: private database servers, the third-party data beside the repository, a
// clock that moves when told, logs that can be searched, and one way to say that a test could not run.
//
// It is for tests, benchmarks and the tests of the demo; no production package may import it. It knows nothing of
// records, sources or policy.
//
//	func TestMain(m *testing.M) { testkit.Main(m) }
//
//	func TestTheReaderSeesTheTable(t *testing.T) {
//		server := testkit.PostgreSQL(t)
//		owner := server.Database(t)
//		reader := server.ReadOnly(t, owner)
//		// fill through owner, ask through reader
//	}
//
// A server is started by the first test that needs it, once in each test process, on a free port of 127.0.0.1 and in a
// private folder. It ends with the process, however the process ends.
package testkit
