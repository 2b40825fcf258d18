# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# duplicacy. See ../peers.sh.
#
#   -threads 4      what its users set; on a local disk it takes about as long with one as with eight
#   -exclusive      what was removed is freed now, not by a later run: nobody else uses the repository
#
# It works from a folder of its own that names the folder to be saved, so there are two: one for the source, and one for the
# place to restore to. Of an image it saves the folder that the image is alone in. Its passwords have eight letters at least.

duplicacy_environment() { export DUPLICACY_PASSWORD=benchbench; }

duplicacy_version() { "$binary" | awk '/^VERSION/ { getline; print "duplicacy", $1 }'; }

duplicacy_command() {
	local at=(env -C "$home/control" "$binary") back=(env -C "$home/back" "$binary")
	case $1 in
	init) command=(bash -ec "$duplicacy_init" duplicacy "$binary" "$home" "$(folder_of "$2")" "$3") ;;
	backup) command=("${at[@]}" backup -threads 4 -stats) ;;
	restore) command=("${back[@]}" restore -r "$(duplicacy_revisions | tail -n 1)" -threads 4) ;;
	file) command=("${at[@]}" -suppress REPOSITORY_SET cat -r "$(duplicacy_revisions | tail -n 1)" "$3") ;;
	check)
		rm -f "$home"/control/.duplicacy/cache/*/verified_chunks # it reads none again that it has noted there
		command=("${at[@]}" check -chunks -threads 4)
		;;
	remove)
		mapfile -t command < <(duplicacy_revisions | head -n "-$2" | sed 's/^/-r\n/')
		command=("${at[@]}" prune "${command[@]}" -exclusive -threads 4)
		;;
	collect) command=("${at[@]}" prune -exhaustive -exclusive -threads 4) ;;
	both) duplicacy_command remove "$2" ;; # it deletes what only the removed snapshots had
	list)
		mapfile -t command < <(duplicacy_revisions)
		command=(printf '"snapshot": "%s"\n' "${command[@]}")
		;;
	*) return 1 ;;
	esac
}

duplicacy_init='mkdir -p "$2/control" "$2/back" "$2/repository" "$4"
(cd "$2/control" && "$1" init -e -repository "$3" bench "$2/repository")
(cd "$2/back" && "$1" init -e -repository "$4" bench "$2/repository")'

duplicacy_revisions() {
	env -C "$home/control" "$binary" list | awk '/^Snapshot/ { print $4 }' | sort -n
}

duplicacy_restored() {
	rm -rf "$2/.duplicacy" # its own notes, left there by the restore
	if [ -d "$1" ]; then echo "$2"; else echo "$2/${1##*/}"; fi
}
