# shellcheck shell=bash
# The states of the programs' repositories, and the ways from one to the next.
#
#   first     the source is saved as it is
#   changed   it is saved again with 1 % of it changed
#   pruned    only the newest snapshot is left
#
# Whoever reads this file in has read peers.sh and source.sh before, and sets
#   ops     the chosen operations
#   pairs   the number of repetitions
#   turn    the programs, in this repetition's order
# shellcheck disable=SC2154 # those, and what peers.sh and source.sh set
declare -A state day
out=${work:?}/out # where restores go

# forget_states: another data set comes.
forget_states() {
	rm -rf "$place" "$work/kept"
	mkdir -p "$place"
	state=()
}

# back_up PROGRAM [ROW]: measured if there is a row to put it in
back_up() {
	day[$1]=$((day[$1] + 1))
	if [ -n "${2-}" ]; then
		measured "$1" "$2" backup "$source" "${day[$1]}"
	else
		quietly "$1" backup "$source" "${day[$1]}"
	fi
}

# begin PROGRAM: an empty repository and no cache
begin() {
	rm -rf "${place:?}/$1"
	mkdir -p "$place/$1"
	quietly "$1" init "$source" "$out"
	day[$1]=0
	state[$1]=empty
}

need_first() {
	[ "${state[$1]-}" = first ] && return
	if [ -d "$work/kept/$1" ]; then
		rm -rf "${place:?}/$1"
		cp -a --reflink=auto "$work/kept/$1" "$place/"
		day[$1]=1
	else
		begin "$1"
		back_up "$1"
		keep_first "$1"
	fi
	state[$1]=first
}

chosen() { [[ " ${ops[*]} " == *" $1 "* ]]; }

# keep_first PROGRAM: a copy for the next repetition, if that needs one and it is as good. It is not of a tree: files that
# were changed and put back have new times of inode change, and would be read again.
keep_first() {
	[ "$pairs" -gt 1 ] && [ ! -d "$source" ] || return 0
	chosen changed || chosen prune || return 0
	mkdir -p "$work/kept"
	cp -a --reflink=auto "$place/$1" "$work/kept/"
}

need_changed() {
	local program missing=()
	for program in "${turn[@]}"; do
		[ "${state[$program]-}" = changed ] && continue
		need_first "$program"
		missing+=("$program")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	change_source
	for program in "${missing[@]}"; do
		back_up "$program"
		state[$program]=changed
	done
	reset_source
}
