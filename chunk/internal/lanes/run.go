package lanes

import "slices"

// maxBlocks bounds one call of an engine, during which the goroutine cannot be preempted: 512 blocks in 16 lanes are
// half a megabyte, well under a millisecond.
const maxBlocks = 512

// run is what hashing one batch of messages needs. It is used again for the next.
type run struct {
	engine *Engine
	single single
	jobs   []job
	lanes  [maxWidth]lane
	state  [8][maxWidth]uint32
	data   [maxWidth][]byte
}

// job is one message, and its digest when it is done.
type job struct {
	message []byte
	index   int
	digest  [Size]byte
}

func newRun(e *Engine) *run { return &run{engine: e, single: newSingle()} }

// load makes a job of each message. They are in order of length, longest first, so that the lanes end at about the same
// time.
func (r *run) load(messages [][]byte) {
	for i, m := range messages {
		r.jobs = append(r.jobs, job{message: m, index: i})
	}
	slices.SortFunc(r.jobs, func(a, b job) int { return len(b.message) - len(a.message) })
}

// forget drops what refers to the messages, so that they are not kept alive.
func (r *run) forget() {
	clear(r.jobs)
	r.jobs = r.jobs[:0]
}

// hash sets the digest of each job to the SHA-256 of start and its message.
func (r *run) hash(start prefix, jobs []job) {
	for {
		jobs = r.feed(start, jobs)
		if len(jobs) == 0 {
			r.finishFew(start)
		}
		blocks := r.point()
		if blocks == 0 {
			return
		}
		r.engine.blocks(&r.state, &r.data, blocks)
		r.advance(blocks)
	}
}

// hashDigests sets the digest of each job to the SHA-256 of start and the digest that it has.
func (r *run) hashDigests(start prefix, jobs []job) {
	for i := range jobs {
		jobs[i].message = jobs[i].digest[:]
	}
	r.hash(start, jobs)
}

// feed begins a message in each idle lane, as long as there are any, and returns the others.
func (r *run) feed(start prefix, jobs []job) []job {
	for i := range r.engine.width {
		if len(jobs) == 0 {
			break
		}
		if l := &r.lanes[i]; l.job == nil {
			l.begin(&jobs[0], start)
			r.setState(i, start.state)
			jobs = jobs[1:]
		}
	}
	return jobs
}

// finishFew leaves the messages to crypto/sha256, each from where it is, if only few lanes are busy.
func (r *run) finishFew(start prefix) {
	busy := 0
	for i := range r.engine.width {
		if r.lanes[i].job != nil {
			busy++
		}
	}
	if busy > r.engine.few {
		return
	}
	for i := range r.engine.width {
		if r.lanes[i].job != nil {
			r.finish(i, start)
		}
	}
}

// finish leaves the message of a lane to crypto/sha256, unless it cannot go on from there. Then the lane does.
func (r *run) finish(i int, start prefix) {
	l := &r.lanes[i]
	left, ok := l.left()
	here := prefix{state: r.stateOf(i), bytes: start.bytes + uint64(l.done)}
	if ok && r.single.sum(&l.job.digest, here, left) {
		l.leave()
	}
}

// point shows the engine where each lane's data is, and returns how many blocks all of them have: none if all lanes
// are idle. If only some are, they hash what another does, for nothing.
func (r *run) point() int {
	var busy []byte
	blocks := maxBlocks
	for i := range r.engine.width {
		r.data[i] = r.lanes[i].rest
		if r.data[i] != nil {
			busy = r.data[i]
			blocks = min(blocks, len(busy)/blockSize)
		}
	}
	if busy == nil {
		return 0
	}
	for i := range r.engine.width {
		if r.data[i] == nil {
			r.data[i] = busy
		}
	}
	return blocks
}

// advance takes note that so many blocks of each lane are hashed.
func (r *run) advance(blocks int) {
	for i := range r.engine.width {
		l := &r.lanes[i]
		if l.job == nil {
			continue
		}
		l.advance(blocks * blockSize)
		if len(l.rest) == 0 {
			l.job.digest = digest(r.stateOf(i))
			l.leave()
		}
	}
}

func (r *run) setState(lane int, state [8]uint32) {
	for i, word := range state {
		r.state[i][lane] = word
	}
}

func (r *run) stateOf(lane int) (state [8]uint32) {
	for i := range state {
		state[i] = r.state[i][lane]
	}
	return state
}
