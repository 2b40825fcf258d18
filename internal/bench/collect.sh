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
#   PROGRAMS         "heirloom restic borg": what is compared, KIND[:LABEL][=BINARY] each as in compare.sh; ratios are the first
#                    one's by the others'
#   SCENARIOS        "src vm"
#   SNAPSHOTS        30, in scenario src
#   SAMPLE           about so many MiB of src are taken, evenly from all over it; default: all
#   HEIRLOOM_BINARY  the program; built from this source if not given
#
# DATA-FOLDER/collect holds figures.csv and facts.tsv, heirloom-gc.ndjson (what each of heirloom's collections said) and
# prepared/, the repositories of earlier runs with the same data: to have a program's made anew, as after a change of heirloom's
# format, remove prepared/SCENARIO/PROGRAM.
set -euo pipefail
bench=$(realpath -m "${1:-/tmp/heirloom-bench}")
repetitions=${2:-3}
work=$bench/collect
read -ra wanted <<<"${PROGRAMS:-heirloom restic borg}"
read -ra sets <<<"${SCENARIOS:-src vm}"
snapshots=${SNAPSHOTS:-30}
sample=${SAMPLE:-0}
# shellcheck source-path=SCRIPTDIR source=measure.sh
source "$(dirname "$0")/measure.sh"
# shellcheck source-path=SCRIPTDIR source=peers.sh
source "$here/peers.sh"
# shellcheck source-path=SCRIPTDIR source=source.sh
source "$here/source.sh"
# shellcheck source-path=SCRIPTDIR source=facts.sh
source "$here/facts.sh"
tree=$work/tree
out=$work/out

clean() {
	rm -rf "$place" "$tree" "$out" "$work/image" "$work/images" "$work/mutate" "$work/gather" "$work/time" "$work/stdout" \
		"$work/stderr"
}

add_programs() {
	local program
	for program in "${wanted[@]}"; do
		case $program in
		*=*) add_program "$program" ;;
		heirloom) add_program "heirloom=${HEIRLOOM_BINARY:-$work/heirloom-bin}" ;;
		*) add_program "$program=${program%%:*}" ;;
		esac
	done
}

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
		[ "$day" != 1 ] || repository_size "$program" >"$place/$program/first-mib"
	done
}

prepare_src() {
	local day
	for day in $(seq "$snapshots"); do
		[ "$day" = 1 ] || "$work/mutate" "$tree" 1 "$day"
		back_up "$tree" "$day" "$@"
	done
	rm -rf "$tree"
}

prepare_vm() {
	back_up "$source" 1 "$@"
	stand changed
	back_up "$source" 2 "$@"
}

# stand_ready KIND: the scenario's source before its first day
stand_ready() {
	case $1 in
	src)
		"$work/gather" -mib "$sample" "$tree" "$bench"/src/* >/dev/null
		source=$tree
		;;
	vm) use_set vm ;;
	esac
}

# prepare KIND SCENARIO makes the repositories that are missing.
prepare() {
	local kind=$1 scenario=$2 program missing
	mapfile -t missing < <(unprepared "$scenario")
	[ ${#missing[@]} -gt 0 ] || return 0
	echo "preparing $scenario: ${missing[*]}" >&2
	rm -rf "$place"
	stand_ready "$kind"
	for program in "${missing[@]}"; do
		mkdir -p "$place/$program"
		quietly "$program" init "$source" "$out"
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
	if [ "${kind_of[$program]}" = heirloom ] && [ "$verb" != remove ]; then
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
	before=$(repository_size "$4")
	run "$1" "$4" both "remove + collect" "$3"
	after=$(repository_size "$4")
	expect_snapshots "$4" "$3"
	note "$1 with the first snapshot MiB" "$4" "$first"
	note "$1 with all MiB" "$4" "$before"
	note "$1 growth MiB" "$4" "$(minus "$before" "$first")"
	note "$1 collected MiB" "$4" "$after"
	note "$1 freed MiB" "$4" "$(minus "$before" "$after")"
}

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

# of_data SET tells repositories of this data from those of data made at another time.
of_data() { date -r "$bench/$1.stamp" +%Y%m%d-%H%M%S; }

build ./mutate mutate
reset_source
"$here/data.sh" "$bench" "${sets[@]}"
start_figures
: >"$work/heirloom-gc.ndjson"
trap clean EXIT
build ./gather gather
build ./report report
if [ -z "${HEIRLOOM_BINARY-}" ]; then build ../../cmd/heirloom heirloom-bin; fi
add_programs
for kind in "${sets[@]}"; do
	case $kind in
	src) scenario=src-$sample-$snapshots-$(of_data src) keep=$((snapshots / 2)) ;;
	vm) scenario=vm-$(of_data vm) keep=1 ;;
	*) fail "unknown scenario: $kind" ;;
	esac
	prepare "$kind" "$scenario"
	measure "$kind" "$scenario" "$keep"
done
write_facts
"$work/report" -plain -figures "$work/figures.csv" -facts "$work/facts.tsv"
