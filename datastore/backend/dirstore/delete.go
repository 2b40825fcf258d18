package dirstore

import "context"

// Delete implements backend.Backend. The object's folder stays, even if it is empty now.
func (b *Backend) Delete(ctx context.Context, name string) error {
	if err := b.delete(ctx, name); err != nil {
		return b.failed("delete", name, refused(err))
	}
	return nil
}

func (b *Backend) delete(ctx context.Context, name string) error {
	if err := b.admitChange(ctx, name); err != nil {
		return err
	}
	info, err := b.root.Lstat(name)
	if missing(err) {
		return b.syncAbsence(name)
	}
	if err != nil {
		return err
	}
	if info.IsDir() { // Remove would take an empty folder away
		return nil
	}
	if err := b.disk.remove(name); err != nil && !missing(err) {
		return err
	}
	return b.syncAbsence(name)
}
