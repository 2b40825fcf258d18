# shellcheck shell=bash
# The programs that are compared, and one way to call all of them. Their own commands lie in peers/KIND.sh, with the options
# that a user sets who wants it quick. All of them encrypt.
#
# A program has a label, which the tables show, a kind, which says how it is called, and a binary: two binaries of one kind
# get along under two labels. It keeps its repository and its caches in $place/LABEL, always the same path.
#
# A kind has these functions. They find the binary in $binary and the program's folder in $home.
#
#   KIND_environment            exports what the binary wants to have in the environment
#   KIND_version                prints name and version
#   KIND_command VERB ...       leaves the command in the array `command`, fails if there is none for the verb
#   KIND_restored SOURCE OUT    prints where SOURCE stands after "restore SOURCE OUT"
#
# The verbs; SOURCE is a folder, or a disk image that is alone in its folder:
#
#   init SOURCE OUT       an encrypted repository, for this source and this place to restore to
#   backup SOURCE DAY     one snapshot; the days of a repository grow
#   restore SOURCE OUT    the newest snapshot into the empty folder OUT
#   file SOURCE PATH      one file of it to stdout
#   check                 all data is read and found whole
#   remove KEEP           all but the newest KEEP snapshots go, which frees no space yet
#   collect               the space of what was removed
#   both KEEP             the two in one go, with the program's own single command if it has one
#   list                  a line for each snapshot, with its id in quotes
#
# Whoever reads this file in has read measure.sh before.
: "${here:?}" "${work:?}"
place=$work/now
# shellcheck disable=SC2034 # version_of: for facts.sh, where the binary does not know its version
declare -A kind_of binary_of version_of
programs=()

# add_program KIND[:LABEL]=BINARY: the label is the kind unless it is said. A program with a known label is replaced.
add_program() {
	local name=${1%%=*} binary=${1#*=} kind label
	kind=${name%%:*} label=${name#*:}
	[ -e "$here/peers/$kind.sh" ] || fail "unknown kind of program: $1"
	[[ $label =~ ^[a-zA-Z0-9._-]+$ ]] || fail "not a label: $label"
	command -v "$binary" >/dev/null || fail "no such program: $binary"
	# shellcheck source=/dev/null
	source "$here/peers/$kind.sh"
	[ -n "${kind_of[$label]-}" ] || programs+=("$label")
	kind_of[$label]=$kind
	binary_of[$label]=$binary
}

# as LABEL FUNCTION-WITHOUT-KIND [ARGUMENT...] calls the function of the program's kind, see above.
as() {
	# shellcheck disable=SC2034 # for the functions of the kind
	home=$place/$1 binary=${binary_of[$1]}
	local kind=${kind_of[$1]} function=$2
	shift 2
	"${kind}_environment"
	"${kind}_$function" "$@"
}

# command_of LABEL VERB [ARGUMENT...] leaves the program's own command in the array `command`, and its environment exported.
command_of() {
	as "$1" command "${@:2}" && return
	[ "$2" = both ] || fail "unknown: $1 $2"
	in_one_go "$1" "$3"
}

# in_one_go LABEL KEEP: remove, then collect, as one command for the clock
in_one_go() {
	local remove
	command_of "$1" remove "$2"
	remove=$(printf '%q ' "${command[@]}")
	command_of "$1" collect
	command=(bash -c "$remove && $(printf '%q ' "${command[@]}")")
}

# quietly LABEL VERB [ARGUMENT...] runs it unmeasured.
quietly() {
	local command
	command_of "$@"
	"${command[@]}" >"$work/stdout" 2>"$work/stderr" || fail "$1 $2: ${command[*]}"
}

# measured LABEL ROW VERB [ARGUMENT...] runs it for a row of the table.
measured() {
	local command program=$1 row=$2
	command_of "$program" "${@:3}"
	timed "$row" "$program" "${command[@]}"
}

# snapshots_of LABEL prints how many there are.
snapshots_of() {
	local command
	command_of "$1" list
	"${command[@]}" | awk '{ n += gsub(/"(snapshot|short_id)": *"/, "") } END { print n + 0 }'
}

# repository_size LABEL prints its MiB without the program's caches.
repository_size() { mebibytes "$place/$1/repository"; }

# folder_of SOURCE is SOURCE, or the folder it is alone in: for programs that save nothing but folders.
folder_of() { if [ -d "$1" ]; then echo "$1"; else dirname "$1"; fi; }
