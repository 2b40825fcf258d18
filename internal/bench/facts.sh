# shellcheck shell=bash
# What a table must say beside its figures: the machine, the data, the programs. $work/facts.tsv holds them, a line each:
# its first field is the name, the rest is the value.
#
# Whoever reads this file in has read peers.sh before, and sets `sets`, the measured data sets.
# shellcheck disable=SC2154 # what those files set
: "${bench:?}" "${work:?}" "${sets:?}"

# write_facts: those of this machine, of the programs and of the sets. Sets and programs of earlier runs, which the figures
# were added to, stay.
write_facts() {
	{
		machine_facts
		program_facts
		[ ! -e "$work/facts.tsv" ] || grep '^program	' "$work/facts.tsv"
		set_facts
	} | awk -F'\t' '$1 != "program" || !seen[$2]++' >"$work/facts.new"
	mv "$work/facts.new" "$work/facts.tsv"
}

machine_facts() {
	fact date "$(date -u +%F)"
	fact cpu "$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)"
	fact flags "$(cpu_flags)"
	fact cores "$(nproc)"
	fact memory "$(awk '/^MemTotal/ { printf "%.0f GiB\n", $2 / 1048576 }' /proc/meminfo)"
	fact kernel "$(uname -s) $(uname -r | cut -d- -f1)"
	fact cache "$(cache)"
}

cache() { if $warm; then echo warm; else echo cold; fi; }

program_facts() {
	local label
	for label in "${programs[@]}"; do
		fact program "$label" "${kind_of[$label]}" "${version_of[$label]:-$(as "$label" version)}"
	done
}

set_facts() {
	local name
	for name in src vm rand; do
		if [[ " ${sets[*]} " == *" $name "* ]] || grep -qs "^set	$name	" "$work/facts.tsv"; then set_fact "$name"; fi
	done
}

set_fact() { fact set "$1" "$(cut -f 2 "$bench/$1.stamp")"; }

fact() { (
	IFS=$'\t'
	echo "$*"
); }

# cpu_flags prints those that decide how quickly a CPU hashes and encrypts, a missing one with "no" before it.
cpu_flags() {
	local flag
	for flag in aes sha_ni avx2 avx512f vaes; do
		if grep -qw "$flag" /proc/cpuinfo; then echo "$flag"; else echo "no $flag"; fi
	done | paste -sd, | sed 's/,/, /g'
}
