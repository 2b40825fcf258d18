#!/usr/bin/env bash
# Runs heirloom and restic (Debian: restic) on the same data, whole processes, alternating, with a cold page cache, both
# encrypted, and prints a table of medians: wall seconds, CPU seconds, peak memory, and the ratio of the wall times.
#
#   compare.sh [DATA-FOLDER [PAIRS]]        default: /tmp/heirloom-bench, 3 pairs
#
# Everything it writes lies in DATA-FOLDER; the raw figures are in work/figures.csv. See measure.sh for the measuring.
set -euo pipefail
bench=${1:-/tmp/heirloom-bench}
pairs=${2:-3}
work=$bench/work
programs=(heirloom restic)
# shellcheck source-path=SCRIPTDIR source=measure.sh
source "$(dirname "$0")/measure.sh"
export HEIRLOOM_PASSPHRASE=bench RESTIC_PASSWORD=bench
export HEIRLOOM_CACHE_DIR=$work/heirloom-cache RESTIC_CACHE_DIR=$work/restic-cache
export HEIRLOOM_STORE=$work/heirloom RESTIC_REPOSITORY=$work/restic

reset() {
	rm -rf "$HEIRLOOM_STORE" "$HEIRLOOM_CACHE_DIR" "$RESTIC_REPOSITORY" "$RESTIC_CACHE_DIR" "$work/out" "$work/current"
	"$work/heirloom-bin" init --encrypt --quiet
	restic -q init
}

# both OPERATION HEIRLOOM-ARGUMENTS -- RESTIC-ARGUMENTS
both() {
	local operation=$1 ours=()
	shift
	while [ "$1" != -- ]; do
		ours+=("$1")
		shift
	done
	shift
	rm -rf "$work/out"
	timed "$operation" heirloom "$work/heirloom-bin" --quiet "${ours[@]}"
	rm -rf "$work/out"
	timed "$operation" restic restic -q "$@"
}

sizes() {
	note "$1" heirloom "$(mebibytes "$HEIRLOOM_STORE")"
	note "$1" restic "$(mebibytes "$RESTIC_REPOSITORY")"
}

# series SET CHANGED ADDRESS: all operations on one set; "current" is what stands where the source stood
series() {
	local set=$1 changed=$2 kind=$3 real
	reset
	ln -s "$bench/$set" "$work/current"
	real=$(readlink -f "$work/current")
	both "$set first backup" backup --name x "$real" -- backup "$real"
	sizes "$set repository MiB"
	both "$set nothing changed" backup --name x "$real" -- backup "$real"
	both "$set restore" restore "$kind/x/latest" "$work/out" -- restore latest --target "$work/out"
	both "$set verify" verify -- check --read-data
	if [ -n "$changed" ]; then
		both "$set 1 % changed" backup --name x "$bench/$changed" -- backup "$bench/$changed"
		sizes "$set and $changed repository MiB"
	fi
	reset
}

"$here/data.sh" "$bench"
start_figures
build_heirloom
for _ in $(seq "$pairs"); do
	series src src1 dataset
	series vm vm2 image
	series rand '' image
done
table "$pairs pairs"
