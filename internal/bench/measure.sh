# shellcheck shell=bash
# What the comparisons share: one measured command, the size of a folder, and the programs in Go beside this file.
#
# Whoever reads this file in (source) sets
#   bench     the folder of the data sets, see data.sh
#   work      a folder of its own in there; the raw figures are left in $work/figures.csv
#   warm      true leaves the page cache alone
#
# A line of figures.csv is operation, program, value, user_s, system_s, peak_kib. The value is seconds of wall time, or
# MiB, and then the rest is empty. The n-th lines of an operation are those of the n-th repetition.
#
# Only root drops the page cache; without it facts.tsv, and so the table, says that the cache was warm.
: "${bench:?}" "${work:?}"
export LC_ALL=C # decimal points, whatever the machine's language
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
warm=${warm:-false}
[ -w /proc/sys/vm/drop_caches ] || warm=true

[ -x /usr/bin/time ] || {
	echo "needs GNU time as /usr/bin/time (Debian: time)" >&2
	exit 1
}

start_figures() {
	mkdir -p "$work"
	echo "operation,program,value,user_s,system_s,peak_kib" >"$work/figures.csv"
}

# build PACKAGE NAME leaves a program of this source in $work/NAME.
build() {
	mkdir -p "$work"
	(cd "$here" && go build -buildvcs=false -o "$work/$2" "$1")
}

cold() {
	if $warm; then return; fi
	sync
	echo 3 >/proc/sys/vm/drop_caches
}

# timed OPERATION PROGRAM COMMAND...: one run with a cold cache; what it prints is in $work/stdout afterwards
timed() {
	local operation=$1 program=$2
	shift 2
	cold
	/usr/bin/time -o "$work/time" -f "%e,%U,%S,%M" "$@" >"$work/stdout" 2>"$work/stderr" || fail "$operation: $program: $*"
	figure "$operation" "$program" "$(tail -n 1 "$work/time")"
}

# note OPERATION PROGRAM MEBIBYTES
note() { figure "$1" "$2" "$3,,,"; }

figure() {
	echo "$1,$2,$3" >>"$work/figures.csv"
	echo "$1, $2: ${3%%,*}" >&2
}

# fail WHY ends the script, with what the last command said.
fail() {
	tail -n 30 "$work/stdout" "$work/stderr" >&2 2>/dev/null || true
	echo "$1" >&2
	exit 1
}

# mebibytes FOLDER prints what its files take up on the disk.
mebibytes() { du -sk "$1" | awk '{ printf "%.1f\n", $1 / 1024 }'; }

minus() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f\n", a - b }'; }
