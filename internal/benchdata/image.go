package benchdata

import "encoding/binary"

// Block is the size in bytes of the blocks that images are made of.
const Block = 4 << 10

// Image returns n bytes, a multiple of Block, that look like a disk with a file system on it: of three parts in ten
// nothing was ever written, and what was is text, tables and programs, things that do not compress, and here and there
// the same again.
func Image(n int, seed uint64) []byte {
	r := random(seed)
	disk := make([]byte, 0, n)
	text := Text(n/3+longestFile, seed)
	for len(disk) < n {
		length := Block * r.between(1, longestFile/Block)
		switch at, kind := len(disk), r.below(20); {
		case kind < 6:
			disk = disk[:min(at+length, n)] // zeros, as make left them
		case kind < 12:
			disk = append(disk, pad(text[:length-r.below(Block)])...)
			text = text[min(length, len(text)-longestFile):]
		case kind < 17:
			disk = append(disk, table(&r, length)...)
		case kind < 19:
			r.fill(disk[at:min(at+length, n)])
			disk = disk[:min(at+length, n)]
		default:
			start := r.below(at/Block+1) * Block
			disk = append(disk, disk[start:min(start+length, at)]...)
		}
	}
	return disk[:n]
}

const longestFile = 512 << 10 // bytes

// pad fills the last block of a file with zeros.
func pad(file []byte) []byte {
	return append(file[:len(file):len(file)], make([]byte, -len(file)&(Block-1))...)
}

// table returns n bytes of records in which some fields count, some have few values, and some are anything.
func table(r *random, n int) []byte {
	p := make([]byte, 0, n+24)
	for i := uint32(r.next()); len(p) < n; i++ {
		p = binary.LittleEndian.AppendUint32(p, i)
		p = binary.LittleEndian.AppendUint32(p, uint32(r.skewed(1<<12)))
		p = binary.LittleEndian.AppendUint64(p, uint64(r.skewed(1<<6)))
		p = binary.LittleEndian.AppendUint64(p, uint64(r.skewed(1<<24)))
	}
	return p[:n]
}

// Change writes over one in a hundred of an image's blocks, most of them in runs of 64 KiB, some alone: a day's work.
func Change(image []byte, seed uint64) {
	r := random(seed)
	for left := len(image) / Block / 100; left > 0; {
		run := 16
		if r.oneIn(8) {
			run = 1
		}
		run = min(run, left)
		at := r.below(len(image)/Block-run+1) * Block
		r.fill(image[at : at+run*Block/2])
		left -= run
	}
}
