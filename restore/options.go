package restore

// Options say how to restore. The zero value restores everything into a new or empty folder and stops at damage.
type Options struct {
	// Path restores only this part of the snapshot: a slash-separated path of raw names. "" is all of it.
	Path string

	// Overwrite allows a destination that is not empty. What the snapshot has is replaced, each file when the new one
	// is whole; nothing else is deleted. A folder where the snapshot has something else, or the other way round, is a
	// conflict, found before anything is written. It also allows writing to a block device.
	Overwrite bool

	// Salvage goes on at damage: damaged ranges of files come back as zeros, damaged folders without the entries that
	// cannot be read, and all of it is listed in Result.Damage. With Overwrite even a damaged file replaces an older one.
	Salvage bool

	// ZerosAreHoles restores blocks of zeros as holes, as is right for disk images: whether a block of zeros is
	// allocated means nothing there, and a backup need not have told them apart.
	ZerosAreHoles bool

	// SizeHint is an upper bound on the bytes to be restored; a snapshot's Stats.BytesSource is one. If so much is
	// free, there is no need to add up what the snapshot holds before the first byte. 0: unknown.
	SizeHint int64

	// SkipSpaceCheck goes without the check that what is restored fits.
	SkipSpaceCheck bool

	// NoSync leaves it to the system when to write to stable storage what was restored.
	NoSync bool

	// Progress, if not nil, counts while the restore runs.
	Progress *Progress
}
