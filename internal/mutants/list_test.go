package mutants

// mutant is a step left out or changed, as edits of package datastore.
type mutant struct {
	step  string
	edits []edit
	found string // the test that must fail, by a regular expression of its name
}

// edit replaces code that is there exactly once. Where old is empty, code is added at the end.
type edit struct{ file, old, new string }

// mutants are the rows of the table in docs/collection.md, those that only cost work last.
var mutants = []mutant{
	{
		step: "the validation",
		edits: []edit{{"validate.go",
			"	ok := true\n	for _, name := range w.stands() {",
			"	ok := true\n	for _, name := range w.stands()[:0] {"}},
		found: "TestModel/a_writer_relies_on_what_is_collected",
	},
	{
		step: "the validation before the manifest instead of after it",
		edits: []edit{{"commit.go",
			`	sn, err := put(ctx)
	if err != nil {
		return nil, err
	}
	ok, err := w.validate(ctx)
	if err != nil || !ok {
		w.withdraw(ctx, sn)
		return nil, err
	}`,
			`	ok, err := w.validate(ctx)
	if err != nil || !ok {
		return nil, err
	}
	sn, err := put(ctx)
	if err != nil {
		return nil, err
	}`}},
		found: "TestModel/a_writer_relies_on_what_is_collected",
	},
	{
		step: "the validation without the condemned records",
		edits: []edit{{"validate.go",
			"!listed || l.condemned[name]",
			"!listed"}},
		found: "TestModel/a_writer_relies_on_what_is_collected",
	},
	{
		step: "the validation from a cache instead of a listing of packs",
		edits: []edit{{"validate.go",
			"if _, listed := l.packs[name]; !listed",
			"if listed := w.store.catalog.isListed(name); !listed"}},
		found: "TestModel/a_writer_relies_on_what_is_collected",
	},
	{
		step: "the validation from the index instead of a listing of packs",
		edits: []edit{{"validate.go",
			"if _, listed := l.packs[name]; !listed",
			"if _, listed := l.packs[name]; !listed && !slices.Contains(w.all.own, name)"}, {"validate.go", "	\"fmt\"\n", "	\"fmt\"\n	\"slices\"\n"}},
		found: "TestModel/the_packs_of_a_writer_are_collected_before_it_names_them",
	},
	{
		step: "packs are listed before condemned records are read",
		edits: []edit{{"listing.go",
			"	names, err := backend.Names(ctx, s.backend, condemnedPrefix)\n",
			`	for info, err := range s.backend.List(ctx, packPrefix) {
		if err != nil {
			return l, err
		}
		if id, ok := packID(info.Name); ok {
			l.packs[id] = info.Size
			l.order = append(l.order, id)
		}
	}
	packPrefix := "none/"
	names, err := backend.Names(ctx, s.backend, condemnedPrefix)
`}},
		found: "TestRecordsAreReadFirst",
	},
	{
		step: "standing on chunks rather than on packs",
		edits: []edit{{"validate.go",
			"	return ok, nil\n",
			`	if !ok {
		w.store.catalog.awaitListing()
		w.store.catalog.apply(l)
		if err := w.store.indexSegments(ctx); err != nil {
			return false, err
		}
		known := func(ids []chunk.ID) bool {
			for _, n := range w.store.catalog.usable(ids) {
				if n == noPack {
					return false
				}
			}
			return true
		}
		var whole func(id chunk.ID) bool
		whole = func(id chunk.ID) bool {
			n, err := w.store.Node(ctx, id)
			return err == nil && known([]chunk.ID{id}) && known(n.Refs.Contents) &&
				!slices.ContainsFunc(n.Refs.Trees, func(id chunk.ID) bool { return !whole(id) })
		}
		ok = whole(rootOf[w])
	}
	return ok, nil
`}, {"commit.go",
			"	defer w.setAnew(nil)\n	for range maxValidations {\n",
			"	defer w.setAnew(nil)\n	rootOf[w] = root\n	for range maxValidations {\n",
		}, {"commit.go", "", "\nvar rootOf = map[*Session]chunk.ID{}\n"},
			{"validate.go", "	\"fmt\"\n", "	\"fmt\"\n	\"slices\"\n"}},
		found: "TestStandsOnPacks",
	},
	{
		step: "the look-up of what is taken over from the parent",
		edits: []edit{{"put.go",
			"	if ok, err := w.Rely(ctx, n.Refs.Contents); err != nil || !ok {\n		return false, err\n	}\n",
			""}},
		found: "TestWhatIsTakenOverIsLookedUp",
	},
	{
		step: "marking again before deleting",
		edits: []edit{{"sweep.go",
			"	if _, err := c.mark(ctx, false); err != nil { // anew: a snapshot may have come to need what was condemned\n		return err\n	}\n",
			""}},
		found: "TestModel/a_writer_relies_on_what_is_collected",
	},
	{
		step: "copying what is live in a condemned pack",
		edits: []edit{{"sweep.go",
			"	stuck, err := c.copyOut(ctx, c.sweeping(ripe, now))\n",
			"	stuck, err := map[string]bool{}, error(nil)\n"}},
		found: "TestModel/a_writer_relies_on_what_is_collected",
	},
	{
		step: "copying that ignores the records of other collectors",
		edits: []edit{{"sweep.go",
			"listed && !now.condemned[p.name] && !p.damaged",
			"listed && !p.damaged"}},
		found: "TestModel/two_collections_condemn_a_chunk's_two_packs",
	},
	{
		step: "copying that counts its own copies, whoever has condemned them",
		edits: []edit{{"copyout.go",
			"	for n := len(roles); n < len(packs); n++ {\n",
			"	for n := range packs {\n"}},
		found: "TestOwnCopyThatIsCondemned",
	},
	{
		step: "packs of which nobody knew what they hold",
		edits: []edit{{"copyout.go",
			"r == leaves && (n >= len(c.survey.packs) || !c.survey.packs[n].indexed)",
			"r == leaves && !c.store.catalog.pack(uint32(n)).indexed"}},
		found: "TestPackUnknownToTheMarks",
	},
	{
		step: "the record last",
		edits: []edit{{"sweep.go",
			"	packs := c.survey.listing.records[record]\n	going :=",
			"	packs := c.survey.listing.records[record]\n	if err := c.store.backend.Delete(ctx, record); err != nil {\n		return err\n	}\n	going :="}},
		found: "TestModel/a_writer_relies_on_what_is_collected",
	},
	{
		step: "never taking a pack off a record",
		edits: []edit{{"sweep.go",
			"	stuck, err := c.copyOut(ctx, c.sweeping(ripe, now))\n",
			`	stuck := map[string]bool{}
	counted := c.census(c.sweeping(ripe, now), c.store.catalog.newer(c.survey.tables))
	if err := counted.take(); err != nil {
		return err
	}
	needed, err := counted.toCopy()
	for n := range needed {
		delete(now.packs, c.store.catalog.pack(n).name)
	}
`}},
		found: "TestNothingIsSpared",
	},
	{
		step: "records numbered, and the numbers used again",
		edits: []edit{{"condemn.go",
			"		name := condemnedPrefix + newID()\n",
			`		name := condemnedPrefix + "0"
		for n := 0; ; n++ {
			name = fmt.Sprintf("%s%d", condemnedPrefix, n)
			if there, err := c.store.exists(ctx, name); err != nil {
				return err
			} else if !there {
				break
			}
		}
`}, {"condemn.go", "	\"errors\"\n", "	\"errors\"\n	\"fmt\"\n"}},
		found: "TestRecordsAreNamedOnce",
	},
	{
		step: "pack ids derived from content",
		edits: []edit{{"copyout.go",
			"	t.Name, t.Writer = newID()+\"-\"+c.id, s.signer.Writer()\n",
			"	t.Name, t.Writer = digest(data)[:32]+\"-\"+strings.Repeat(\"0\", 32), s.signer.Writer()\n"}, {"copyout.go",
			"	if err := s.backend.Put(ctx, packObject(t.Name), data); err != nil {\n",
			"	if err := s.backend.Put(ctx, packObject(t.Name), data); err != nil && !errors.Is(err, backend.ErrExist) {\n",
		}, {"copyout.go", "	\"context\"\n", "	\"context\"\n	\"errors\"\n	\"strings\"\n"}, {"copyout.go",
			"	\"github.com/heirloom-backup/heirloom/datastore/internal/pack\"\n",
			"	\"github.com/heirloom-backup/heirloom/datastore/internal/pack\"\n	\"github.com/heirloom-backup/heirloom/datastore/backend\"\n"}, {"internal/packer/upload.go",
			"	t.Name, t.Writer = p.o.NewName(), p.o.Key.Writer()\n",
			"	sum := sha256.Sum256(o.buf[:data])\n	t.Name, t.Writer = fmt.Sprintf(\"%x-%032d\", sum[:16], 0), p.o.Key.Writer()\n",
		}, {"internal/packer/upload.go", "	\"context\"\n", "	\"context\"\n	\"crypto/sha256\"\n"}, {"session.go",
			"			return s.backend.Put(ctx, packObject(id), data)\n",
			"			if err := s.backend.Put(ctx, packObject(id), data); !errors.Is(err, backend.ErrExist) {\n				return err\n			}\n			return nil\n",
		}},
		found: "TestModel/a_writer_relies_on_what_is_collected",
	},
	{
		step: "one put for each pack name",
		edits: []edit{{"internal/packer/upload.go",
			"	t.Name, t.Writer = p.o.NewName(), p.o.Key.Writer()\n",
			"	if o.trailer.Name == \"\" {\n		o.trailer.Name = p.o.NewName()\n	}\n	t.Name, t.Writer = o.trailer.Name, p.o.Key.Writer()\n"}},
		found: "TestPackIsPutOnceUnderEachName",
	},
	{
		step: "errors of listings",
		edits: []edit{{"snapshots.go",
			"	for info, err := range s.backend.List(ctx, prefix) {\n		if err != nil {\n			return nil, nil, err\n		}\n",
			"	for info, err := range s.backend.List(ctx, prefix) {\n		if err != nil {\n			break\n		}\n"}, {"roots.go",
			"	if err := s.miss(ctx, before.Vanished(set.present)); err != nil {\n		return nil, err\n	}\n", ""}},
		found: "TestCollectorsListing",
	},
	{
		step: "comparing listings with the ledger",
		edits: []edit{{"roots.go",
			"	if err := s.miss(ctx, before.Vanished(set.present)); err != nil {\n		return nil, err\n	}\n",
			""}},
		found: "TestCollectorsListing",
	},
	{
		step: "the session (costs work)",
		edits: []edit{{"session.go",
			"	if _, err := w.store.putDoc(ctx, sessionPrefix+id, doc); err != nil {\n		return err\n	}\n",
			"	_ = doc\n"}},
		found: "TestModel/nobody_fences,_and_there_is_one_collection",
	},
	{
		step: "the look-up before the session is open (costs work)",
		edits: []edit{{"session.go",
			"	if err := w.open(ctx); err != nil {\n		return nil, fmt.Errorf(\"begin session: %w\", err)\n	}\n",
			"	if err := s.survey(ctx); err != nil {\n		return nil, err\n	}\n",
		}, {"session.go",
			"	if err := s.survey(ctx); err != nil {\n		return nil, fmt.Errorf(\"begin session: %w\", errors.Join(err, w.leave(ctx)))\n	}\n",
			"	if err := w.open(ctx); err != nil {\n		return nil, errors.Join(err)\n	}\n"}},
		found: "TestModel/nobody_fences,_and_there_is_one_collection",
	},
	{
		step: "waiting for sessions (costs work)",
		edits: []edit{{"condemn.go",
			"		waits[record] = slices.DeleteFunc(list, func(session string) bool { return !alive[session] })\n",
			"		waits[record] = list[:0]\n"}},
		found: "TestModel/nobody_fences,_and_there_is_one_collection",
	},
	{
		step: "sessions listed before the record is put (costs work)",
		edits: []edit{{"condemn.go",
			"	alive, err := c.store.Sessions(ctx) // after the records were put, or listed\n	if err != nil {\n		return nil, err\n	}\n	c.survey.sessions = alive\n",
			"	alive := c.survey.sessions\n"}},
		found: "TestModel/nobody_fences,_and_there_is_one_collection",
	},
	{
		step: "missing waits taken for none (costs work)",
		edits: []edit{{"condemn.go",
			"	doc.Sessions = slices.Sorted(maps.Keys(alive))\n",
			"	doc.Sessions = nil\n"}},
		found: "TestMissingWaits",
	},
}
