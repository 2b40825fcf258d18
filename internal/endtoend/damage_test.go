//go:build linux

package endtoend

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

// TestDamage harms every object of a small store in every way, one at a time. Each harm must be found and named, or be
// harmless; and nothing that differs from the source may be restored without an error.
func TestDamage(t *testing.T) {
	tests := map[string]struct {
		encrypted     bool
		cache         string
		usual, inFull int // number of harms
	}{
		"plain":        {false, "", 500, math.MaxInt},
		"with a cache": {false, t.TempDir(), 200, 6000},
		"encrypted":    {true, "", 60, 2000}, // it takes a tenth of a second to open one
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := newPatient(t, test.encrypted, test.cache)
			ward := &ward{patient: p, counts: map[string]map[string]int{}}
			ward.treat(p.choose(sampled(test.usual, test.inFull)))
			t.Log("\n" + ward.table())
			require.Empty(t, strings.Join(ward.violations, "\n"))
		})
	}
}

// choose returns about as many harms as wanted: all cuts and deletions, and of the flips a random part, as large for
// each kind of object.
func (p *patient) choose(wanted int) (chosen []harm) {
	all := p.harms(8<<10, 97)
	if wanted >= len(all) {
		return all
	}
	flips := map[string][]harm{}
	for _, h := range all {
		if h.how == flip {
			flips[h.kind] = append(flips[h.kind], h)
		} else {
			chosen = append(chosen, h)
		}
	}
	random := luck(p.t)
	if len(chosen) > wanted/2 {
		chosen = some(random, chosen, wanted/2)
	}
	each := (wanted - len(chosen)) / len(flips)
	for _, kind := range slices.Sorted(maps.Keys(flips)) {
		chosen = append(chosen, some(random, flips[kind], each)...)
	}
	return chosen
}

func some[T any](random *rand.Rand, list []T, n int) []T {
	random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:min(n, len(list))]
}

// ward counts what became of the harms.
type ward struct {
	*patient
	mu         sync.Mutex
	counts     map[string]map[string]int // kind and how → verdict → number
	violations []string
}

// toDiskEvery is how many harms come to one whose snapshots are also restored to disk, which is slow.
const toDiskEvery = 5

func (w *ward) treat(harms []harm) {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, h := range harms {
		group.Go(func() error {
			v, err := w.examine(h, i%toDiskEvery == 0)
			if err == nil {
				err = expected(h, v)
			}
			w.note(h, v, err)
			return nil
		})
	}
	_ = group.Wait() // what went wrong is in violations
}

func (w *ward) note(h harm, v verdict, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.violations = append(w.violations, fmt.Sprintf("%s: %v", h, err))
		v = "VIOLATION"
	}
	row := h.kind + " " + h.how
	if w.counts[row] == nil {
		w.counts[row] = map[string]int{}
	}
	w.counts[row][string(v)]++
	w.counts[row]["cases"]++
}

// afterRemoval says what may come of the removal of an object. Some of each may be needed by no snapshot: a pack of the
// one that was forgotten, or the newest ledger record, which no other names.
var afterRemoval = map[string][]verdict{
	"heirloom.json": {refused},
	"keys":          {refused, harmless}, // the one in use, and the other
	"content pack":  {found, harmless},
	"tree pack":     {found, harmless},
	"index":         {harmless}, // packs describe themselves
	"manifest":      {found},    // MISSING: the ledger knows of it
	"promise":       {found},
	"ledger":        {found, harmless},
	"pruned":        {harmless},
	"sessions":      {harmless},
	"condemned":     {harmless},
}

// expected checks a verdict against the table.
func expected(h harm, v verdict) error {
	allowed := []verdict{found, harmless}
	switch {
	case h.how == remove:
		allowed = afterRemoval[h.kind]
	case h.how == cut && h.kind != "keys" && h.kind != "heirloom.json":
		allowed = []verdict{found}
	case h.kind == "keys" || h.kind == "heirloom.json":
		allowed = []verdict{refused, found, harmless}
	}
	if !slices.Contains(allowed, v) {
		return fmt.Errorf("it is %s, which is none of %v", v, allowed)
	}
	return nil
}

func (w *ward) table() string {
	var text strings.Builder
	columns := []string{"cases", string(refused), string(found), string(harmless), "VIOLATION"}
	fmt.Fprintf(&text, "%-22s %9s %9s %9s %9s %9s\n", "kind", columns[0], columns[1], columns[2], columns[3], columns[4])
	for _, row := range slices.SortedFunc(maps.Keys(w.counts), cmp.Compare[string]) {
		fmt.Fprintf(&text, "%-22s", row)
		for _, c := range columns {
			fmt.Fprintf(&text, " %9d", w.counts[row][c])
		}
		text.WriteByte('\n')
	}
	return text.String()
}
