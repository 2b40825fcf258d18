package restore

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// special restores what is neither a file nor a folder. What the system or the user's rights do not allow is a warning.
func (r *run) special(at *folder, e *tree.Entry) error {
	made, err := at.make(e.Name, func(name string) error { return makeSpecial(at, name, e) })
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission) {
		r.report.warn(at.pathOf(e.Name), fmt.Sprintf("the %s was not restored: %v", e.Type, err))
		r.links.skipped(e)
		return nil
	}
	if err != nil {
		return err
	}
	r.applyAt(object{in: at, name: made, path: at.pathOf(e.Name), entry: e})
	if err := at.replace(made, e.Name); err != nil {
		return errors.Join(err, at.root.Remove(made))
	}
	r.progress.others.Add(1)
	return r.links.whole(r, at, e)
}

func makeSpecial(at *folder, name string, e *tree.Entry) error {
	if e.Type == tree.Symlink {
		return at.root.Symlink(e.Target, name)
	}
	return makeNode(at, name, e)
}
