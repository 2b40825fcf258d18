# shellcheck shell=bash
# What the comparisons share: one measured command, the size of a folder, and the table of the medians.
#
# Whoever reads this file in (source) sets
#   bench     the folder of the data sets, see data.sh
#   work      a folder of its own in there; the raw figures are left in $work/figures.csv
#   programs  the names of the compared programs, the one that ratios are of first
#
# A line of figures.csv is operation, program, value, user_s, system_s, peak_kib. The value is seconds of wall time, or
# MiB, and then the rest is empty. The n-th lines of an operation are those of the n-th repetition.
#
# Only root drops the page cache; without it the table says that the cache was warm.
: "${bench:?}" "${work:?}" "${programs:?}"
export LC_ALL=C # decimal points, whatever the machine's language
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
warm=no

start_figures() {
	mkdir -p "$work"
	echo "operation,program,value,user_s,system_s,peak_kib" >"$work/figures.csv"
}

build_heirloom() {
	(cd "$here/../.." && go build -o "$work/heirloom-bin" ./cmd/heirloom)
}

cold() {
	sync
	{ echo 3 >/proc/sys/vm/drop_caches; } 2>/dev/null || warm=yes
}

# timed OPERATION PROGRAM COMMAND...: one run with a cold cache; what it prints is in $work/stdout afterwards
timed() {
	local operation=$1 program=$2
	shift 2
	cold
	/usr/bin/time -o "$work/time" -f "%e,%U,%S,%M" "$@" >"$work/stdout" 2>"$work/stderr" || fail "$operation: $*"
	echo "$operation,$program,$(tail -n 1 "$work/time")" >>"$work/figures.csv"
}

# fail WHY ends the script, with what the last command said.
fail() {
	cat "$work/stdout" "$work/stderr" >&2 2>/dev/null || true
	echo "$1" >&2
	exit 1
}

# mebibytes FOLDER prints what its files take up on the disk.
mebibytes() { du -sk "$1" | awk '{ printf "%.1f\n", $1 / 1024 }'; }

# note OPERATION PROGRAM MEBIBYTES
note() { echo "$1,$2,$3,,," >>"$work/figures.csv"; }

# table WHAT prints the Markdown table; WHAT says how much was measured.
table() {
	echo
	echo "$(date -u +%F), $(nproc) CPUs ($(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs))," \
		"$(versions), $1, warm cache: $warm"
	echo
	awk -v programs="${programs[*]}" -f "$here/medians.awk" "$work/figures.csv"
}

# versions prints those of the other programs; heirloom is the one of this source.
versions() {
	local program found=
	for program in "${programs[@]}"; do
		case $program in
		restic) found+=", $(restic version | cut -d' ' -f1,2)" ;;
		borg) found+=", $(borg --version)" ;;
		esac
	done
	echo "${found#, }"
}
