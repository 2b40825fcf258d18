package tree

import "fmt"

// check refuses entries that could be written but not read again.
func (e *Entry) check() error {
	for _, rule := range [...]struct {
		kept bool
		says string
	}{
		{possibleName(e.Name), "the name is not possible"},
		{e.Type >= File && e.Type <= BlockDevice, "the type is unknown"},
		{e.Mode <= 0o7777, "the mode has more than 12 bits"},
		{e.ModTime.Nsec <= maxNsec && e.ChangeTime.Nsec <= maxNsec, "a time has more than a second of nanoseconds"},
		{e.Type != Dir || !e.Tree.IsZero(), "the folder has no node"},
		{e.Type == File || len(e.Extents) == 0, "only files have extents"},
		{e.Type == File || e.Type == Dir || e.Tree.IsZero(), "only folders and files have nodes"},
		{e.Type != File || e.contentFits(), "the extents do not add up to the size"},
	} {
		if !rule.kept {
			return fmt.Errorf("%w: %s", ErrFormat, rule.says)
		}
	}
	for _, x := range e.Xattrs {
		if len(x.Name) > maxName {
			return fmt.Errorf("%w: attribute name of %d bytes", ErrFormat, len(x.Name))
		}
	}
	return nil
}

// contentFits says whether a file's extents are as they are read: none empty, no two holes in a row, as long as the
// file. A file whose content has a node is as long as that node says.
func (e *Entry) contentFits() bool {
	if !e.Tree.IsZero() {
		return e.Size >= 0
	}
	left, hole := e.Size, false
	for _, x := range e.Extents {
		if x.Length <= 0 || x.Length > left || hole && x.Hole() {
			return false
		}
		left, hole = left-x.Length, x.Hole()
	}
	return left == 0
}
