# shellcheck shell=bash
# What stands where the programs look: the source of a data set, before and after 1 % of it has changed.
#
# Programs tell an unchanged file by its path, inode and times, so nothing may be copied: every program must find the very
# files that it has seen before, and all of them the same change.
#
#   A tree is changed in place (see mutate) and put back afterwards from copies of what was changed: each repetition sees
#   the same tree and the same change.
#   An image is a hard link, alone in a folder. The changed one takes its place by renaming folders, which leaves
#   the images' own inodes and times as they are.
#
# Whoever reads this file in has read measure.sh before, and has built mutate.
: "${bench:?}" "${work:?}"
source=                        # path of the source
standing=                      # which image is in $work/image
originals=$bench/src.originals # of what is changed in src now

# use_set SET makes `source` the data set.
use_set() {
	if [ -d "$bench/$1" ]; then
		source=$bench/$1
		return
	fi
	rm -rf "$work/image" "$work/images"
	mkdir -p "$work/images/first" "$work/images/changed"
	ln "$bench/$1" "$work/images/first/disk"
	[ ! -e "$bench/${1}2" ] || ln "$bench/${1}2" "$work/images/changed/disk"
	standing=
	source=$work/image/disk
	stand first
}

stand() {
	[ -z "$standing" ] || mv "$work/image" "$work/images/$standing"
	mv "$work/images/$1" "$work/image"
	standing=$1
}

change_source() {
	if [ -d "$source" ]; then
		"$work/mutate" -keep "$originals" "$source" 1
	else
		stand changed
	fi
}

# reset_source undoes change_source. It may be called again, and after an interruption.
reset_source() {
	if [ -e "$originals" ]; then
		"$work/mutate" -undo "$originals" "$bench/src"
	fi
	[ "$standing" != changed ] || stand first
}

# middle_file prints the path, below the source, of the file in the middle of all that are not empty.
middle_file() {
	find "$source" -type f -size +0 -printf '%P\n' | sort | awk '{ name[NR] = $0 } END { print name[int((NR + 1) / 2)] }'
}
