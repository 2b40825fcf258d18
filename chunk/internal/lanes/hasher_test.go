package lanes

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestKnownAnswers(t *testing.T) {
	// FIPS 180-2, B.1 and B.2, and RFC 4231, 4.2.
	const abc = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
	plain := map[string]string{
		"":    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		abc:   "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
	}
	keyed := map[string]string{"Hi There": "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"}
	for _, e := range Engines() {
		t.Run(e.String(), func(t *testing.T) {
			requireSums(t, plain, New[sum](e.withFew(0)))
			requireSums(t, keyed, NewHMAC[sum](e.withFew(0), bytes.Repeat([]byte{0x0b}, 20)))
		})
	}
}

func requireSums(t *testing.T, want map[string]string, h *Hasher[sum]) {
	t.Helper()
	for message, digest := range want {
		sums := make([]sum, 1)
		h.SumAll(sums, [][]byte{[]byte(message)})
		require.Equal(t, digest, hex.EncodeToString(sums[0][:]))
	}
}

func TestEveryLength(t *testing.T) {
	data := randomBytes(2, 3<<12)
	key := randomBytes(3, 32)
	for size := range 301 {
		checkSums(t, [][]byte{data[:size]})
		checkHMACs(t, key, [][]byte{data[:size]})
	}
	var all [][]byte
	for size := range 301 {
		all = append(all, data[300-size:300])
	}
	for _, border := range []int{1 << 10, 1 << 12, 2 << 12} {
		for size := border - 70; size <= border+70; size++ {
			all = append(all, data[size&63:][:size])
		}
	}
	checkSums(t, all)
	checkHMACs(t, key, all)
}

func TestEveryMixOfLanes(t *testing.T) {
	data := randomBytes(4, 300_000)
	random := rand.New(rand.NewPCG(1, 2))
	lengths := map[string]func(i int) int{
		"none":                 func(int) int { return 0 },
		"equal":                func(int) int { return 4096 },
		"equal, unaligned":     func(int) int { return 1001 },
		"a block more each":    func(i int) int { return i * blockSize },
		"random":               func(int) int { return random.IntN(10_000) },
		"random, short":        func(int) int { return random.IntN(130) },
		"one long, many short": func(i int) int { return []int{300_000, 500}[min(i, 1)] },
		"many long, one short": func(i int) int { return []int{3, 9000}[min(i, 1)] },
		"longer than a call":   func(i int) int { return (maxBlocks+i)*blockSize - i },
	}
	for name, length := range lengths {
		t.Run(name, func(t *testing.T) {
			for _, n := range []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 100} {
				messages := make([][]byte, n)
				for i := range messages {
					size := length(i)
					at := random.IntN(len(data) - size + 1)
					messages[i] = data[at : at+size]
				}
				checkSums(t, messages)
				checkHMACs(t, data[:n], messages)
			}
		})
	}
}

func TestSumsAgreeWithCryptoSHA256(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "key")
		data := rapid.SliceOfN(rapid.Byte(), 0, 5000).Draw(t, "data")
		messages := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) []byte {
			from := rapid.IntRange(0, len(data)).Draw(t, "from")
			return data[from:rapid.IntRange(from, len(data)).Draw(t, "to")]
		}), 0, 50).Draw(t, "messages")
		checkSums(t, messages)
		checkHMACs(t, key, messages)
	})
}

func TestHasherConcurrently(t *testing.T) {
	data := randomBytes(5, 1<<16)
	for _, e := range Engines() {
		h := NewHMAC[sum](e, []byte("key"))
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				var messages [][]byte
				for at := i; at < len(data)/2; at += 1000 + i {
					messages = append(messages, data[at:2*at])
				}
				checkHasher(t, e, h, hmacWith([]byte("key")), messages)
			})
		}
		wg.Wait()
	}
}

func TestHasherKeepsNoMessage(t *testing.T) {
	for _, e := range Engines() {
		h, r := New[sum](e), newRun(e)
		h.sumAll(r, make([]sum, 2), [][]byte{make([]byte, 100), make([]byte, 1000)})
		jobs := r.jobs[:2]
		require.Zero(t, r.data)
		require.Empty(t, r.jobs)
		for _, j := range jobs {
			require.Nil(t, j.message)
		}
		for _, l := range r.lanes {
			require.Nil(t, l.job)
			require.Nil(t, l.rest)
			require.Nil(t, l.end)
		}
	}
}

func TestHasherDoesNotAllocate(t *testing.T) {
	messages := make([][]byte, 40)
	for i := range messages {
		messages[i] = make([]byte, 100*i)
	}
	sums := make([]sum, len(messages))
	for _, e := range Engines() {
		h, r := NewHMAC[sum](e, []byte("key")), newRun(e)
		require.Zero(t, testing.AllocsPerRun(100, func() { h.sumAll(r, sums, messages) }), e)
		require.Zero(t, testing.AllocsPerRun(100, func() { h.sumAll(r, sums, messages[39:]) }), e)
	}
}

func FuzzSum(f *testing.F) {
	f.Add([]byte("data"), []byte{0, 1, 2, 3, 4})
	f.Add(randomBytes(6, 3000), randomBytes(7, 40))
	f.Fuzz(func(t *testing.T, data, cuts []byte) { checkSums(t, cut(data, cuts)) })
}

func FuzzHMAC(f *testing.F) {
	f.Add([]byte("key"), []byte("data"), []byte{0, 1, 2, 3, 4})
	f.Add(randomBytes(8, 70), randomBytes(9, 3000), randomBytes(10, 40))
	f.Fuzz(func(t *testing.T, key, data, cuts []byte) { checkHMACs(t, key, cut(data, cuts)) })
}

// cut returns a piece of data for each of cuts: pieces overlap, begin anywhere and have all lengths.
func cut(data, cuts []byte) (messages [][]byte) {
	from := 0
	for _, c := range cuts {
		from = (from + 7*int(c)) % (len(data) + 1)
		messages = append(messages, data[from:min(len(data), from+int(c)*int(c)/16)])
	}
	return messages
}
