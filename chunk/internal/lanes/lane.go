package lanes

// lane is how far one lane has come in its message.
type lane struct {
	job  *job   // nil if the lane is idle
	rest []byte // the blocks to be hashed next: of the message itself, then of its ending; empty if there are no more
	end  []byte // the ending, in room, as long as there are whole blocks before it
	done int    // bytes hashed
	room [2 * blockSize]byte
}

// begin makes j, which follows start, the lane's message.
func (l *lane) begin(j *job, start prefix) {
	whole := len(j.message) / blockSize * blockSize
	l.job, l.done = j, 0
	l.rest = j.message[:whole]
	l.end = start.ending(&l.room, j.message[whole:], len(j.message))
	l.advance(0)
}

// left returns what of the message is not hashed yet, and false if part of its padding already is.
func (l *lane) left() ([]byte, bool) {
	if l.done > len(l.job.message) {
		return nil, false
	}
	return l.job.message[l.done:], true
}

// leave makes the lane idle.
func (l *lane) leave() { l.job, l.rest, l.end = nil, nil, nil }

// advance goes on by n of the bytes in rest.
func (l *lane) advance(n int) {
	l.rest, l.done = l.rest[n:], l.done+n
	if len(l.rest) == 0 {
		l.rest, l.end = l.end, nil
	}
}
