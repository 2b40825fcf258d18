package chunk

// fixed cuts chunks of this many bytes.
type fixed int

func (f fixed) Cut(data []byte) int { return min(len(data), int(f)) }

func (f fixed) MaxSize() int { return int(f) }
