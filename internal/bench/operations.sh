# shellcheck shell=bash
# The operations that compare.sh measures, and what must be there before each.
#
# An operation is measured of one program after the other, in the order of the array `turn`, with the source as it stands.
# It takes the repositories to the state that it needs, unmeasured where no measured operation has: so a single one can be
# repeated alone.
#
# Whoever reads this file in has read states.sh before, and sets
#   set     the data set's name; rows of the tables begin with it
#   turn    the programs, in this repetition's order
# shellcheck disable=SC2004,SC2034,SC2154 # those, and what states.sh and source.sh set
declare -A checked

op_first() {
	local program
	for program in "${turn[@]}"; do
		begin "$program"
		back_up "$program" "$set first backup"
		state[$program]=first
		note "$set repository MiB" "$program" "$(repository_size "$program")"
	done
}

op_unchanged() {
	local program
	for program in "${turn[@]}"; do
		need_first "$program"
		back_up "$program" "$set nothing changed"
	done
}

# op_restore removes what was restored when the last program is done: ext4 does not use the inodes of files again that were
# deleted a minute ago, and looks at each of them for every file it makes.
op_restore() {
	local program
	for program in "${turn[@]}"; do
		need_first "$program"
		mkdir -p "$out"
		measured "$program" "$set restore" restore "$source" "$out"
		check_restored "$program"
		mv "$out" "$work/restored-$program"
	done
	rm -rf "$work"/restored-*
}

op_file() {
	local program path
	path=$(middle_file)
	for program in "${turn[@]}"; do
		need_first "$program"
		measured "$program" "$set single file" file "$source" "$path"
		cmp "$work/stdout" "$source/$path" >&2 || fail "$program: $path is not what was saved"
	done
}

op_verify() {
	local program
	for program in "${turn[@]}"; do
		need_first "$program"
		measured "$program" "$set verify" check
	done
}

op_changed() {
	local program before
	for program in "${turn[@]}"; do need_first "$program"; done
	change_source
	for program in "${turn[@]}"; do
		before=$(repository_size "$program")
		back_up "$program" "$set 1 % changed"
		state[$program]=changed
		note "$set growth MiB" "$program" "$(minus "$(repository_size "$program")" "$before")"
	done
	reset_source
}

op_prune() {
	local program
	need_changed
	for program in "${turn[@]}"; do
		measured "$program" "$set prune + collect" both 1
		state[$program]=pruned
		[ "$(snapshots_of "$program")" = 1 ] || fail "$program has not removed all but one snapshot"
		note "$set after collection MiB" "$program" "$(repository_size "$program")"
	done
}

# check_restored PROGRAM compares the first restore of each set with its source.
check_restored() {
	[ -z "${checked[$set $1]-}" ] || return 0
	diff -r --no-dereference "$source" "$(as "$1" restored "$source" "$out")" >"$work/stdout" 2>"$work/stderr" ||
		fail "$1 has restored something else than it saved"
	checked[$set $1]=yes
}
