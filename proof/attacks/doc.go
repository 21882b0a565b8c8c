// Package attacks proves that analysts' answers give nobody away. Attackers who know everybody's age, sex, borough and practice ask
// one project after another what they like, by every way that the literature has: differencing, trackers, averaging, the complement
// of what is redacted, medians with and without somebody, events of one person, systems of equations. Each then guesses something
// of its victims' records, and must not do better than who asks nothing. The same attackers must succeed where a protection is
// taken away. It has tests only.
package attacks
