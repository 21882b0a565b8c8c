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
}

// attack lets an attacker ask so many questions, in one project after another.
func attack(t *testing.T, w *world, h house, a attacker, questions, victims int) score {
	t.Helper()
	s := score{told: map[string]int{}, distinct: a.distinct(w)}
	solved, at := solutions{}, 0
	for at < 100*s.distinct && (s.questions < questions || s.victims < victims) {
		p := newProject(t, w, h)
		p.solved = solved
		for range s.distinct {
			if p.asked >= 150 {
				break
			}
			victim := w.victims[at%s.distinct]
			at++
			guess, sure := a.run(p, victim)
			if !sure {
				guess = hash(text(victim.id))>>40&1 == 0 // whoever knows nothing
			} else {
				s.sure++
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

// share is how often the attacker was right, and the standard error of that for who knows nothing.
func (s score) share() (share, deviation float64) {
	return float64(s.right) / float64(s.victims), math.Sqrt(0.25 / float64(min(s.victims, s.distinct)))
}

func TestNobodyLearnsAnythingOfAnybody(t *testing.T) {
	w := newWorld(11)
	for _, a := range attackers() {
		t.Run(a.name, func(t *testing.T) {
			s := attack(t, w, whole, a, testkit.Size(150, 10_000), 4)
			share, deviation := s.share()
			chance := 4 * deviation // eleven attackers, and none may be called lucky for nothing
			testkit.Counted(t, "%d questions, %d victims, right %.3f, sure of %d and right of them %d, refusals %v", s.questions, s.victims, share, s.sure, s.sureRight, s.told)
			if share > 0.5+chance {
				t.Errorf("right of %.3f, and %.3f is chance", share, 0.5+chance)
			}
		})
	}
}

func TestTheSameAttackersLearnWhereAProtectionIsTakenAway(t *testing.T) {
	w := newWorld(11)
	for _, a := range attackers() {
		for _, h := range a.weak {
			t.Run(a.name+"/"+h.name, func(t *testing.T) {
				s := attack(t, w, h, a, testkit.Size(100, 1000), 40)
				share, deviation := s.share()
				chance := 3 * deviation
				testkit.Counted(t, "%d questions, %d victims, right %.3f, sure of %d and right of them %d, refusals %v", s.questions, s.victims, share, s.sure, s.sureRight, s.told)
				if share <= 0.5+chance {
					t.Errorf("right of %.3f only, and %.3f is chance: the attack proves nothing", share, 0.5+chance)
				}
			})
		}
	}
}
