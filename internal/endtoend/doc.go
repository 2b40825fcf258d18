// Package endtoend holds tests of the whole: of the real heirloom program as a process, and of whole stores under
// damage, faults and kills. It exports nothing.
//
// Most tests need Linux, and some need root; those say so when they are skipped. HEIRLOOM_TEST_NO_SKIP=1 makes such a
// skip a failure. HEIRLOOM_TEST_FULL=1 runs everything that is sampled otherwise: every byte of a store flipped, and
// hundreds of kills; that takes the better part of an hour.
package endtoend
