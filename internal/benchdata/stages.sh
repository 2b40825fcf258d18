#!/usr/bin/env bash
# Compares the benchmarks of every stage, at another revision and here, uncommitted changes included.
#
#   stages.sh [-p PACKAGES] [-b BENCHMARKS] [-n COUNT] [-t TIME] [REVISION]
#
#   REVISION       what to compare with: anything git understands; HEAD unless told otherwise
#   -p PACKAGES    such as ./chunk or './datastore/...'; several in one word, separated by blanks (all that have stages)
#   -b BENCHMARKS  a regular expression, as for go test -bench (.)
#   -n COUNT       how often each package runs, at either revision (10)
#   -t TIME        how long each benchmark runs, or how often: 200ms, 5x (100ms)
#
# The two take turns package by package, so that a machine which becomes busy or warm slows both. What is measured is what
# the benchmarks of this tree measure, at both revisions, as long as they compile there; where they do not, the revision's
# own are taken, and only those found in both are compared. A turn through everything takes two or three minutes. The
# figures stay in the folder that is named at the end.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)

packages="./chunk/... ./datastore/... ./restore" benchmarks=. count=10 time=100ms
while getopts p:b:n:t: option; do
	case $option in
	p) packages=$OPTARG ;;
	b) benchmarks=$OPTARG ;;
	n) count=$OPTARG ;;
	t) time=$OPTARG ;;
	*) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
	esac
done
shift $((OPTIND - 1))
revision=${1:-HEAD}

work=$(mktemp -d)
clean() {
	git -C "$root" worktree remove --force "$work/tree" 2>/dev/null || true
	rm -rf "$work"
}
trap clean EXIT

# measured lists the packages of this tree, as folders, that have benchmarks at all.
measured() {
	local dir
	# shellcheck disable=SC2086 # several patterns in one word
	(cd "$root" && go list -f '{{.Dir}}' $packages) | while read -r dir; do
		if grep -qs '^func Benchmark' "$dir"/*_test.go; then
			echo "${dir#"$root"/}"
		fi
	done
}

# carry takes this tree's benchmarks of a package to the revision, unless they do not compile there.
carry() {
	local dir=$1 aside=$work/aside
	mkdir -p "$aside"
	find "$work/tree/$dir" -maxdepth 1 -name '*bench*_test.go' -exec mv {} "$aside" \;
	find "$root/$dir" -maxdepth 1 -name '*bench*_test.go' -exec cp {} "$work/tree/$dir" \;
	if ! (cd "$work/tree" && go vet "./$dir") >/dev/null 2>&1; then
		echo "$dir: these benchmarks do not compile at $revision; its own are run" >&2
		find "$work/tree/$dir" -maxdepth 1 -name '*bench*_test.go' -delete
		find "$aside" -name '*_test.go' -exec cp {} "$work/tree/$dir" \;
	fi
	rm -rf "$aside"
}

# tests names the compiled tests of a package.
tests() { echo "$work/$1/${2//\//-}.test"; }

# build compiles the tests of a package in a tree, the revision's (old) or this one (new).
build() {
	local which=$1 tree=$2 dir=$3
	(cd "$tree" && go test -c -o "$(tests "$which" "$dir")" "./$dir")
}

# run adds one run of a package's benchmarks to the figures. One that fails does not end the others.
run() {
	local which=$1 tree=$2 dir=$3 program
	program=$(tests "$which" "$dir")
	[ -x "$program" ] || return 0
	(cd "$tree/$dir" && "$program" -test.run '^$' -test.bench "$benchmarks" -test.benchtime "$time") >>"$figures/$which" ||
		echo "$dir ($which): a benchmark failed, see $figures/$which" >&2
}

old() { run old "$work/tree" "$1"; }
new() { run new "$root" "$1"; }

git -C "$root" worktree add --quiet --detach "$work/tree" "$revision"
mkdir -p "$work/tree/internal/benchdata" "$work/old" "$work/new"
cp "$root"/internal/benchdata/*.go "$work/tree/internal/benchdata"
figures=$(mktemp -d "${TMPDIR:-/tmp}/stages.XXXXXX")

dirs=$(measured)
for dir in $dirs; do
	if [ -d "$work/tree/$dir" ]; then
		carry "$dir"
		build old "$work/tree" "$dir"
	fi
	build new "$root" "$dir"
done
for turn in $(seq "$count"); do
	for dir in $dirs; do
		echo "turn $turn of $count: $dir" >&2
		if [ $((turn % 2)) = 0 ]; then
			old "$dir" && new "$dir"
		else
			new "$dir" && old "$dir"
		fi
	done
done
cd "$root" # where tools.mod is
go tool -modfile=tools.mod benchstat "$revision=$figures/old" "here=$figures/new"
echo "the figures are in $figures" >&2
