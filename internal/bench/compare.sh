#!/usr/bin/env bash
# Compares heirloom with other programs on the same data: whole processes, alternating, with a cold page cache, all encrypted.
# It prints tables of medians; --publish also puts them, and a chart, into docs/performance.md.
#
#   compare.sh [OPTION...] [DATA-FOLDER]        default: /tmp/heirloom-bench
#
#   --peer KIND[:LABEL]=BINARY   another program: restic, borg, kopia or duplicacy; LABEL, by default KIND, is its name in
#                                the tables. restic and borg are peers where they are installed, unless one given has their name
#   --version LABEL=TEXT         what the tables say of a binary that does not know its version
#   --without LABEL,...          these do not take part
#   --heirloom BINARY            the program; built from this source if not given
#   --sets SET,...               of src, vm, rand
#   --ops OPERATION,...          of first, unchanged, restore, file, verify, changed, prune. Not each is measured of each set
#   --pairs N                    repetitions, 5 by default. Each begins with another program
#   --add                        adds to the figures of the last run instead of beginning anew: further rows, or further pairs
#   --replace                    the same, but earlier figures of the chosen sets and operations go
#   --warm                       leaves the page cache alone
#   --publish                    into docs/performance.md, docs/performance.svg and docs/performance.csv
#
# See data.sh for the data sets and their sizes, operations.sh for what is done, peers/ for the commands. All that this
# writes, but for what is published, lies in DATA-FOLDER; figures.csv and facts.tsv in its folder work are what report makes
# the tables of. A restore that differs from its source ends the run.
set -euo pipefail
bench=/tmp/heirloom-bench pairs=5 publish=false warm=false mode=fresh heirloom='' without=,
sets=(src vm rand) all_ops=(first unchanged restore file verify changed prune) peers=() versions=()
ops=("${all_ops[@]}")

usage() {
	sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2
	exit 2
}

while [ $# -gt 0 ]; do
	case $1 in
	--peer) peers+=("${2:?}") && shift ;;
	--version) versions+=("${2:?}") && shift ;;
	--without) without=,${2:?}, && shift ;;
	--heirloom) heirloom=$(realpath "${2:?}") && shift ;;
	--sets) IFS=, read -ra sets <<<"${2:?}" && shift ;;
	--ops) IFS=, read -ra ops <<<"${2:?}" && shift ;;
	--pairs) pairs=${2:?} && shift ;;
	--add) mode=add ;;
	--replace) mode=replace ;;
	--warm) warm=true ;;
	--publish) publish=true ;;
	-*) usage ;;
	*) bench=$1 ;;
	esac
	shift
done
bench=$(realpath -m "$bench")
work=$bench/work
# shellcheck source-path=SCRIPTDIR source=measure.sh
source "$(dirname "$0")/measure.sh"
# shellcheck source-path=SCRIPTDIR source=peers.sh
source "$here/peers.sh"
# shellcheck source-path=SCRIPTDIR source=source.sh
source "$here/source.sh"
# shellcheck source-path=SCRIPTDIR source=states.sh
source "$here/states.sh"
# shellcheck source-path=SCRIPTDIR source=operations.sh
source "$here/operations.sh"
# shellcheck source-path=SCRIPTDIR source=facts.sh
source "$here/facts.sh"
# shellcheck source-path=SCRIPTDIR source=figures.sh
source "$here/figures.sh"

clean() {
	reset_source
	rm -rf "$place" "$out" "$work/kept" "$work/image" "$work/images" "$work/time" "$work/stdout" "$work/stderr"
}

add_programs() {
	local peer take_part=()
	add_program heirloom="${heirloom:-$work/heirloom-bin}"
	for peer in restic borg; do
		command -v "$peer" >/dev/null && add_program "$peer=$peer"
	done
	for peer in "${peers[@]}"; do add_program "$peer"; done
	for peer in "${versions[@]}"; do version_of[${peer%%=*}]=${peer#*=}; done
	for peer in "${programs[@]}"; do
		[[ $without == *,$peer,* ]] || take_part+=("$peer")
	done
	programs=("${take_part[@]}")
}

# measured_of SET prints the operations that are measured of it, in the order in which one leads to the next.
measured_of() {
	case $1 in
	src) echo first unchanged restore file verify changed ;;
	vm) echo first unchanged restore verify changed prune ;;
	rand) echo first restore verify ;;
	esac
}

check_arguments() {
	local word
	for word in "${ops[@]}"; do
		[[ " ${all_ops[*]} " == *" $word "* ]] || fail "unknown operation: $word"
	done
	for word in "${sets[@]}"; do
		[[ " src vm rand " == *" $word "* ]] || fail "unknown set: $word"
	done
	[[ $pairs =~ ^[1-9][0-9]*$ ]] || fail "not a number of pairs: $pairs"
}

# series: all repetitions of one set
series() {
	local pair first operation
	forget_states
	use_set "$set"
	for ((pair = 0; pair < pairs; pair++)); do
		echo "$set, pair $((pair + 1)) of $pairs" >&2
		first=$((pair % ${#programs[@]}))
		turn=("${programs[@]:first}" "${programs[@]:0:first}")
		for operation in $(measured_of "$set"); do
			if chosen "$operation"; then "op_$operation"; fi
		done
	done
}

check_arguments
mkdir -p "$work"
[ -n "$heirloom" ] || build ../../cmd/heirloom heirloom-bin
build ./mutate mutate
build ./report report
reset_source
trap clean EXIT
"$here/data.sh" "$bench" "${sets[@]}"
add_programs
begin_figures "$mode"
write_facts # now, too, should this be interrupted
for set in "${sets[@]}"; do series; done
write_facts
show_tables
