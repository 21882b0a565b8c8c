package attacks_test

import (
	"math"
	"testing"

	"onelondon/internal/testkit"
)

// score is how an attacker did.
type score struct {
	victims, right, sure, sureRight, questions, distinct int
	told                                                 map[string]int
	surely                                               map[*person]bool // of whom it was ever sure
}

// attack lets an attacker ask so many questions, in one project after another.
func attack(t *testing.T, w *world, h house, a attacker, questions, victims int) score {
	t.Helper()
	s := score{told: map[string]int{}, surely: map[*person]bool{}, distinct: a.distinct(w)}
	solved, at := solutions{}, 0
	for at < 100*s.distinct && (s.questions < questions || s.victims < victims) {
		p := newProject(t, w, h)
		p.solved = solved
		for range s.distinct {
			if p.asked >= 150 || p.served != nil && s.questions+p.asked >= questions && s.victims >= victims {
				break
			}
			victim := w.victims[at%s.distinct]
			at++
			guess, sure := a.run(p, victim)
			if !sure {
				guess = hash(text(victim.id))>>40&1 == 0 // whoever knows nothing
			} else {
				s.sure++
				s.surely[victim] = true
			}
			s.victims++
			if guess == a.truth(w, victim) {
				s.right++
				if sure {
					s.sureRight++
				}
			}
		}
		s.questions += p.asked
		for code, times := range p.told {
			s.told[code] += times
		}
		p.close()
	}
	return s
}

// distinct is how many victims there are for an attacker. Whoever is attacked again is guessed alike.
func (a *attacker) distinct(w *world) int {
	if a.name == "events of one person" {
		return busy
	}
	return len(w.victims)
}

// share is how often the attacker was right.
func (s *score) share() float64 { return float64(s.right) / float64(s.victims) }

// learned reports whether the attacker was right more often, or less, than so many standard errors of chance allow, of all victims or of
// those of whom it was sure: whoever is always wrong need only say the opposite. Victims that were attacked again tell nothing new.
func (s *score) learned(deviations float64) bool {
	by := func(right, of, distinct int) bool {
		return of > 0 && math.Abs(float64(right)/float64(of)-0.5) > deviations*math.Sqrt(0.25/float64(min(of, distinct)))
	}
	return by(s.right, s.victims, s.distinct) || by(s.sureRight, s.sure, len(s.surely))
}

func TestNobodyLearnsAnythingOfAnybody(t *testing.T) {
	w := newWorld(11)
	for _, a := range attackers() {
		t.Run(a.name, func(t *testing.T) { learnsNothing(t, w, whole, a, testkit.Size(150, 10_000), 4) })
	}
}

// learnsNothing lets an attacker ask so many questions in vain.
func learnsNothing(t *testing.T, w *world, h house, a attacker, questions, victims int) {
	t.Helper()
	if s := tried(t, w, h, a, questions, victims); s.learned(4) {
		t.Error("the attacker learned something")
	}
}

// tried lets an attacker ask, and counts how it did.
func tried(t *testing.T, w *world, h house, a attacker, questions, victims int) score {
	t.Helper()
	s := attack(t, w, h, a, questions, victims)
	testkit.Counted(t, "%d questions, %d victims, right %.3f, sure of %d and right of them %d, refusals %v", s.questions, s.victims, s.share(), s.sure, s.sureRight, s.told)
	return s
}

func TestTheSameAttackersLearnWhereAProtectionIsTakenAway(t *testing.T) {
	w := newWorld(11)
	for _, a := range attackers() {
		for _, h := range a.weak {
			t.Run(a.name+"/"+h.name, func(t *testing.T) {
				if s := tried(t, w, h, a, testkit.Size(100, 1000), 40); !s.learned(3) {
					t.Error("the attacker learned nothing: the attack proves nothing")
				}
			})
		}
	}
}
