# Virtual machine objects: /dev/vmm/NAME is the kernel's object, .host/vm/NAME is what the stand-in knows of it
# (reference 4.3). The object outlives every process.

# vm_name NAME: what devfs and the release's name limit let through (reference 1.5).
vm_name() {
  limit=229
  [ "$rel" -ge 1300 ] || limit=31
  case $1 in
  '' | . | .. | */* | *[[:space:]\"]*) return 1 ;;
  esac
  [ "${#1}" -le "$limit" ]
}

vm_node() { node=$root/dev/vmm/$1; }

vm_exists() {
  vm_node "$1"
  [ -e "$node" ]
}

# vm_running NAME: a bhyve has the object open; sets holder_pid.
vm_running() { alive "$host/vm/$1/run"; }

# vm_store NAME: makes the folder for what the stand-in knows.
vm_store() {
  [ -d "$host/vm/$1" ] || mkdir -p "$host/vm/$1"
}

# vm_create NAME: false when the object exists already or cannot be.
vm_create() {
  vm_name "$1" && has_module vmm || return 1
  vm_node "$1"
  vm_store "$1"
  set -C
  { : >"$node"; } 2>/dev/null
  created=$?
  set +C
  : >"$host/vm/$1/loaded"
  : >"$host/vm/$1/ran"
  return "$created"
}

# vm_destroy NAME: frees the object. A bhyve that still runs loses its guest and ends with an error.
vm_destroy() {
  vm_node "$1"
  rm -f "$node" "$root/dev/vmm.io/$1".* || :
  : >"$host/vm/$1/loaded"
  tell_guest "$1" destroyed
}

# tell_guest NAME EVENT: a running bhyve looks at its events when USR1 interrupts it. Each run has a list of its own, which
# only grows: an event that nobody has looked at yet is not lost to the next one.
tell_guest() {
  if vm_running "$1"; then
    printf '%s\n' "$2" >>"$host/vm/$1/events.$holder_pid"
    kill -USR1 "$holder_pid" 2>/dev/null || :
  fi
}

# bytes SIZE: sets bytes by the rules of reference 1.4 as strtoul(3) and expand_number(3) read them: blanks before the
# number, a base by its beginning, one letter behind it. False when the size is malformed.
bytes() {
  number=$1
  while :; do
    case $number in [[:space:]]*) number=${number#?} ;; *) break ;; esac
  done
  number=${number#+}
  case $number in
  0[xX][0-9a-fA-F]*)
    digits=${number#0?}
    digits=0x${digits%%[!0-9a-fA-F]*}
    ;;
  0*) digits=${number%%[!0-7]*} ;;
  [1-9]*) digits=${number%%[!0-9]*} ;;
  *) return 1 ;;
  esac
  case $digits in
  0x*) unit=${number#0?} unit=${unit#"${digits#0x}"} ;;
  *) unit=${number#"$digits"} ;;
  esac
  [ "${#digits}" -le 15 ] || return 1
  bytes=$((digits))
  case $unit in
  '') [ "$bytes" -ge 1048576 ] || bytes=$((bytes * 1048576)) ;;
  [Bb]*) ;;
  [Kk]*) bytes=$((bytes * 1024)) ;;
  [Mm]*) bytes=$((bytes * 1048576)) ;;
  [Gg]*) bytes=$((bytes * 1073741824)) ;;
  [Tt]*) bytes=$((bytes * 1099511627776)) ;;
  *) return 1 ;;
  esac
  [ "$bytes" -gt 0 ]
}

# peek_entry NAME KIND: sets entry to what this boot plays (KIND is script or loader); see hostctl script.
peek_entry() {
  entry='' position=0
  list=$host/vm/$1/$2
  if ! [ -s "$list" ]; then
    # The default list repeats its last entry, so that one entry serves all guests.
    list=$host/$2.default
    [ -s "$list" ] || return 0
  fi
  { read -r position <"$host/vm/$1/$2.position"; } 2>/dev/null
  case $position in '' | *[!0-9]*) position=0 ;; esac
  count=0
  while read -r line; do
    if [ "$count" -eq "$position" ] || [ "$list" = "$host/$2.default" ]; then entry=$line; fi
    [ "$count" -lt "$position" ] || break
    count=$((count + 1))
  done <"$list"
}

# next_entry NAME KIND: the same, and moves on.
next_entry() {
  peek_entry "$1" "$2"
  [ -s "$list" ] || return 0
  vm_store "$1"
  printf '%s\n' "$((position + 1))" >"$host/vm/$1/$2.position"
}
