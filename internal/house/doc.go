// Package house holds the rules that the folders keep among themselves, as tests: who may import whom, which third party
// belongs to which folder, and what every package must have. It contains no code that runs.
package house
