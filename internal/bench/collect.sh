#!/usr/bin/env bash
# Compares removing snapshots and collecting their space: heirloom, restic and borg (Debian: restic, borgbackup), whole
# processes, alternating, with a cold page cache, all encrypted. It prints a table of medians.
#
#   collect.sh [DATA-FOLDER [REPETITIONS]]        default: /tmp/heirloom-bench, 3 repetitions
#
# Scenarios, see data.sh for the data:
#
#   src   a snapshot a day of a tree of small files, 1 % of them touched between two days; the older half is removed
#   vm    an image, then the same with 1 % of its blocks changed; the first snapshot is removed
#
# "remove" and "collect" are measured one after the other, and once more as "remove + collect" in one go; both begin
# with a copy of a prepared repository and its caches. Afterwards the snapshots are counted and, once, read in full.
# Every program leaves some waste behind as it does by default (restic 5 % of the repository, borg 10 % of a segment), so
# look at "freed" beside the seconds.
#
#   PROGRAMS            "heirloom restic borg": what is compared; ratios are the first one's by the others'
#   SCENARIOS           "src vm"
#   SNAPSHOTS           30, in scenario src
#   HEIRLOOM_BINARY     the program; built from this source if not given
#   HEIRLOOM_BENCH_SRC  about so many MiB of src are taken, evenly from all over it; default: all
#
# DATA-FOLDER/collect holds figures.csv (see measure.sh), heirloom-gc.ndjson (what each of heirloom's collections said) and
# prepared/, the repositories of earlier runs: to have a program's made anew, as after a change of heirloom's format, remove
# prepared/SCENARIO/PROGRAM.
set -euo pipefail
bench=$(realpath -m "${1:-/tmp/heirloom-bench}")
repetitions=${2:-3}
work=$bench/collect
read -ra programs <<<"${PROGRAMS:-heirloom restic borg}"
read -ra scenarios <<<"${SCENARIOS:-src vm}"
snapshots=${SNAPSHOTS:-30}
sample=${HEIRLOOM_BENCH_SRC:-all}
heirloom=${HEIRLOOM_BINARY:-$work/heirloom-bin}
# shellcheck source-path=SCRIPTDIR source=measure.sh
source "$(dirname "$0")/measure.sh"
# shellcheck source-path=SCRIPTDIR source=peers.sh
source "$here/peers.sh"
tree=$work/tree

clean() { rm -rf "$place" "$tree" "$work/mutate" "$work/time" "$work/stdout" "$work/stderr"; }

mib_of() { mebibytes "$place/$1/repository"; }

# sample_tree copies the sampled part of src to $tree. What is taken or left is a file or folder three levels down, so that
# whole folders stay whole.
sample_tree() (
	rm -rf "$tree"
	mkdir -p "$tree"
	cd "$bench/src"
	find . -mindepth 3 -maxdepth 3 -print0 | sort -z | du -sk --files0-from=- |
		awk -F'\t' -v mib="${sample/all/1e9}" '
			{ size[NR] = $1; name[NR] = $2; total += $1 }
			END {
				for (i = 1; i <= NR; i++) {
					seen += size[i]
					if (taken + size[i] <= seen * mib * 1024 / total) { taken += size[i]; print name[i] }
				}
			}' |
		xargs -d '\n' cp -a --parents -t "$tree"
	chmod -R u+w "$tree" # a module cache is read-only
)

# unprepared SCENARIO prints the programs that have no repository of it yet.
unprepared() {
	local program
	for program in "${programs[@]}"; do
		[ -e "$work/prepared/$1/$program" ] || echo "$program"
	done
}

# back_up SOURCE DAY PROGRAM...
back_up() {
	local source=$1 day=$2 program
	shift 2
	for program in "$@"; do
		quietly "$program" backup "$source" "$day"
		[ "$day" != 1 ] || mib_of "$program" >"$place/$program/first-mib"
	done
}

prepare_src() {
	local day
	sample_tree
	for day in $(seq "$snapshots"); do
		[ "$day" = 1 ] || "$work/mutate" "$tree" 1 "$day"
		back_up "$tree" "$day" "$@"
	done
	rm -rf "$tree"
}

prepare_vm() {
	back_up "$bench/vm" 1 "$@"
	back_up "$bench/vm2" 2 "$@"
}

# prepare KIND SCENARIO makes the repositories that are missing.
prepare() {
	local kind=$1 scenario=$2 program missing
	mapfile -t missing < <(unprepared "$scenario")
	[ ${#missing[@]} -gt 0 ] || return 0
	echo "preparing $scenario: ${missing[*]}" >&2
	rm -rf "$place"
	for program in "${missing[@]}"; do
		mkdir -p "$place/$program"
		quietly "$program" init
	done
	"prepare_$kind" "${missing[@]}"
	mkdir -p "$work/prepared/$scenario"
	for program in "${missing[@]}"; do
		mv "$place/$program" "$work/prepared/$scenario/"
	done
}

# fresh SCENARIO PROGRAM puts a copy of what was prepared where the program expects it.
fresh() {
	rm -rf "$place"
	mkdir -p "$place"
	cp -a --reflink=auto "$work/prepared/$1/$2" "$place/"
}

# run KIND PROGRAM VERB LABEL [ARGUMENT] measures one command.
run() {
	local kind=$1 program=$2 verb=$3 label=$4 command
	shift 4
	command_of "$program" "$verb" "$@"
	timed "$kind $label" "$program" "${command[@]}"
	if [ "$program" = heirloom ] && [ "$verb" != remove ]; then
		cat "$work/stdout" >>"$work/heirloom-gc.ndjson"
	fi
}

expect_snapshots() {
	local found
	found=$(snapshots_of "$1")
	[ "$found" = "$2" ] || fail "$1 has $found snapshots, not $2"
}

# apart KIND SCENARIO KEEP PROGRAM
apart() {
	fresh "$2" "$4"
	run "$1" "$4" remove remove "$3"
	run "$1" "$4" collect collect
	expect_snapshots "$4" "$3"
}

# together KIND SCENARIO KEEP PROGRAM
together() {
	local first before after
	fresh "$2" "$4"
	first=$(cat "$place/$4/first-mib")
	before=$(mib_of "$4")
	run "$1" "$4" both "remove + collect" "$3"
	after=$(mib_of "$4")
	expect_snapshots "$4" "$3"
	note "$1 with the first snapshot MiB" "$4" "$first"
	note "$1 with all MiB" "$4" "$before"
	note "$1 growth MiB" "$4" "$(minus "$before" "$first")"
	note "$1 collected MiB" "$4" "$after"
	note "$1 freed MiB" "$4" "$(minus "$before" "$after")"
}

minus() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f\n", a - b }'; }

# measure KIND SCENARIO KEEP: all repetitions, the programs taking turns
measure() {
	local repetition program
	for repetition in $(seq "$repetitions"); do
		for program in "${programs[@]}"; do
			apart "$@" "$program"
		done
		for program in "${programs[@]}"; do
			together "$@" "$program"
			[ "$repetition" != 1 ] || quietly "$program" check
		done
	done
}

"$here/data.sh" "$bench"
start_figures
: >"$work/heirloom-gc.ndjson"
trap clean EXIT
(cd "$here" && go build -o "$work/mutate" ./mutate)
if [[ -z ${HEIRLOOM_BINARY-} && " ${programs[*]} " == *" heirloom "* ]]; then build_heirloom; fi
for kind in "${scenarios[@]}"; do
	case $kind in
	src) scenario=src-$sample-$snapshots keep=$((snapshots / 2)) ;;
	vm) scenario=vm keep=1 ;;
	*) fail "unknown scenario: $kind" ;;
	esac
	prepare "$kind" "$scenario"
	measure "$kind" "$scenario" "$keep"
done
table "$snapshots snapshots of src ($sample MiB), $repetitions repetitions"
