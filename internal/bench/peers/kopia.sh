# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# kopia. See ../peers.sh.
#
#   --compression zstd-fastest          it does not compress by default
#   --parallel 8                        cold small files come in quicker than with a reader for each CPU
#   --write-sparse-files                an image's zeros need not be written
#   --safety=none                       what was removed is freed now, not some hours later: nobody else uses the repository
#
# Maintenance runs when it is asked to, not within another command, and there are no logs and no look for updates. It saves
# folders, not single files: of an image, the folder that it is alone in.

kopia_environment() {
	export KOPIA_PASSWORD=bench KOPIA_CONFIG_PATH=$home/kopia.config KOPIA_CACHE_DIRECTORY=$home/cache KOPIA_LOG_DIR=$home/logs
	export KOPIA_CHECK_FOR_UPDATES=false KOPIA_USE_KEYRING=false KOPIA_PERSIST_CREDENTIALS_ON_CONNECT=false
}

kopia_version() { echo "kopia $("$binary" --version | cut -d' ' -f1)"; }

kopia_command() {
	local kopia=("$binary" --no-progress --disable-file-logging --disable-content-log)
	case $1 in
	init) command=(bash -ec "$kopia_init" kopia "$home/repository" "${kopia[@]}") ;;
	backup) command=("${kopia[@]}" snapshot create --parallel 8 "$(folder_of "$2")") ;;
	restore) command=("${kopia[@]}" restore --write-sparse-files "$(kopia_snapshots | tail -n 1)" "$3") ;;
	file) command=("${kopia[@]}" show "$(kopia_roots | tail -n 1)/$3") ;;
	check) command=("${kopia[@]}" snapshot verify --verify-files-percent=100) ;;
	remove)
		mapfile -t command < <(kopia_snapshots | head -n "-$2")
		command=("${kopia[@]}" snapshot delete --delete "${command[@]}")
		;;
	collect) command=("${kopia[@]}" maintenance run --full --safety=none) ;;
	list)
		mapfile -t command < <(kopia_snapshots)
		command=(printf '"snapshot": "%s"\n' "${command[@]}")
		;;
	*) return 1 ;;
	esac
}

kopia_init='repository=$1 && shift
"$@" repository create filesystem --path "$repository" --cache-directory "$KOPIA_CACHE_DIRECTORY"
"$@" policy set --global --compression zstd-fastest --keep-latest 1000
"$@" maintenance set --enable-quick false --enable-full false'

# kopia_snapshots prints the ids of all snapshots, the oldest first, kopia_roots those of the folders they are of.
kopia_snapshots() { kopia_list | grep -o '{"id":"[0-9a-f]*"' | cut -d'"' -f4; }

kopia_roots() { kopia_list | grep -o '"rootEntry":{[^}]*"obj":"[^"]*"' | sed 's/.*"obj":"//; s/"$//'; }

kopia_list() { "$binary" --no-progress --disable-file-logging snapshot list --all --json --max-results=1000000; }

kopia_restored() { if [ -d "$1" ]; then echo "$2"; else echo "$2/${1##*/}"; fi; }
