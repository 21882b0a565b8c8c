// Package adversary holds the tests of somebody who wants the product to fail: hostile sources beside healthy ones, callers
// who look for what they may not have, documents made to hurt, and parts that are taken away while questions are asked. They
// put real HTTP requests with real tokens to the whole product, over the demo's London in real databases.
//
//	go test ./examples/london/adversary
//
// What is asserted is always two things: nothing is shown that may not be shown, and nothing is missing without a word.
package adversary
