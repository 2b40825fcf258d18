# shellcheck shell=bash disable=SC2034,SC2154
# restic. See ../peers.sh.
#
#   --read-concurrency 8   cold small files come in quicker than with two readers (since 0.15)
#   --sparse               an image's zeros need not be written (since 0.15)
#
# Compression is left at "auto": it is what its users have, and what its small repositories are made with.

restic_environment() {
	export RESTIC_PASSWORD=bench RESTIC_REPOSITORY=$home/repository RESTIC_CACHE_DIR=$home/cache RESTIC_READ_CONCURRENCY=8
}

restic_version() { "$binary" version | cut -d' ' -f1,2; }

restic_command() {
	case $1 in
	init) command=("$binary" -q init) ;;
	backup) command=("$binary" -q backup "$2") ;;
	restore)
		command=("$binary" -q restore latest --target "$3")
		if "$binary" restore --help | grep -q -e --sparse; then command+=(--sparse); fi
		;;
	file) command=("$binary" -q dump latest "$2/$3") ;;
	check) command=("$binary" -q check --read-data) ;;
	remove) command=("$binary" -q forget --group-by '' --keep-last "$2") ;;
	collect) command=("$binary" -q prune) ;;
	both) command=("$binary" -q forget --group-by '' --keep-last "$2" --prune) ;;
	list) command=("$binary" -q snapshots --json) ;;
	*) return 1 ;;
	esac
}

restic_restored() { echo "$2$1"; }
