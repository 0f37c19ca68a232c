# --- what was made, and unmaking it --------------------------------------------------------------------------------------

# claim: the folder is the lock. One of a run that was killed is removed with all that it names.
claim() {
  if ! mkdir "$root$base" 2>/dev/null; then
    if ! [ -d "$root$base" ] || [ -L "$root$base" ]; then refuse "$base cannot be made"; fi
    # Whoever has just made it says at once who he is.
    [ -e "$root$base/owner" ] || sleep 1
    ! has_owner || refuse "another run of this test is under way: process $owner"
    note 'a run that was killed has left something: it is removed'
    clean_all || refuse "what a killed run has left cannot be removed: $left"
    mkdir "$root$base" || refuse "$base cannot be made"
  fi
  printf '%s %s\n' "$$" "$(ps -o lstart= -p "$$")" >"$root$base/owner"
  claimed=1
  check_names
  mkdir "$work" "$root$base/roms" "$root$base/guests"
  true >"$work/log"
}

# check_names: where our notes are not, what is called as ours belongs to somebody else.
check_names() {
  foreign=$(our_nodes && our_interfaces)
  [ -n "$foreign" ] || ! ifconfig "$bridge" >/dev/null 2>&1 || foreign=$bridge
  if [ -n "$foreign" ]; then
    claimed=''
    rm -rf "$root$base"
    refuse "${foreign%%"$newline"*} is there already, and not made by this test: remove or rename it"
  fi
  # From here on what is called as ours is ours.
  true >"$root$base/made"
}

# has_owner: sets owner to the process that has the folder, if it still runs: a number alone comes back.
has_owner() {
  owner='' began=''
  { read -r owner began <"$root$base/owner"; } 2>/dev/null || :
  [ -n "$owner" ] && [ "$owner" != "$$" ] && is_same "$(ps -o lstart= -p "$owner" 2>/dev/null)" "$began"
}

# is_same ONE OTHER: but for blanks.
# shellcheck disable=SC2086
is_same() {
  one=$(printf '%s ' $1) other=$(printf '%s ' $2)
  [ "$one" = "$other" ]
}

# made WHAT WHICH: written down before it is made. WHAT is file, folder, tree, mount or interface; other for an interface that
# somebody else has made, port for one that we listen to.
made() { printf '%s %s\n' "$1" "$2" >>"$root$base/made"; }

# make_file PATH: for us to write, by ourselves or by a launcher. What is there already is not ours, and not each host lets /etc or
# /usr/local be written to.
make_file() {
  ! grep -q -x "file $1" "$root$base/made" 2>/dev/null || return 0
  if [ -e "$root$1" ] || [ -L "$root$1" ]; then
    skip="$1 is there already, and not made by this test"
    return 1
  fi
  if ! make_folder "${1%/*}" || ! [ -w "$root${1%/*}" ]; then
    skip="$1 cannot be written here"
    return 1
  fi
  made file "$1"
}

# make_folder PATH: with those above it.
make_folder() {
  [ ! -d "$root$1" ] || return 0
  make_folder "${1%/*}" || return 1
  made folder "$1"
  mkdir "$root$1" 2>>"$work/log"
}

# our_machines: the names of our guests in the kernel, one a line.
our_machines() {
  for guest in $guest_names kept-up probe; do printf 'bhyvecst-%s\n' "$guest"; done
}

# our_nodes: those of them that are there.
our_nodes() {
  our_machines | while read -r vm; do [ ! -e "$root/dev/vmm/$vm" ] || printf '%s\n' "/dev/vmm/$vm"; done
  return 0
}

# our_processes: launchers, the rc.d script that is about to start one, guests, who listens to them, the supervisor. Who looks at a file of
# ours is none of them.
our_processes() {
  listened=$(sed -n 's/^port //p' "$root$base/made" | tail -n 1)
  ps -axww -o pid= -o command= | machines=" $(our_machines | tr '\n' ' ')" where=$base/ port=$listened mine=$$ awk '
    function is_ours(name) { return index(ENVIRON["machines"], " " name " ") }
    $1 == ENVIRON["mine"] { next }
    index($0, ENVIRON["where"] "guests/") && $2 ~ /(sh|busybox|timeout)$/ ||
      /bhyve_bhyvecst_service/ && $2 ~ /(sh|service|timeout)$/ ||
      index($0, ENVIRON["where"] "work/daemon.sh") && $2 ~ /sh$/ ||
      index($0, ENVIRON["where"] "work/sock") && / supervise / ||
      $2 ~ /(cu|cat)$/ && /nmdm-bhyvecst[.]1B/ || $2 ~ /nc$/ && NF == 4 && $3 == "127.0.0.1" && $4 == ENVIRON["port"] ||
      $2 == "bhyve:" && is_ours($3) || $2 ~ /bhyve$/ && is_ours($NF) { print $1 }
  '
}

# end_processes SIGNAL: true when none is left, for which it waits some seconds.
end_processes() {
  within 10 "$last_moment" || limit=1
  tries=0
  while :; do
    pids=$(our_processes)
    [ -n "$pids" ] || return 0
    # shellcheck disable=SC2086
    [ $((tries % 20)) -ne 0 ] || kill -s "$1" $pids 2>/dev/null || :
    [ "$tries" -lt $((limit * 10)) ] || return 1
    tries=$((tries + 1))
    sleep 0.1
  done
}

# interface_of DESCRIPTION: the names of the interfaces whose description begins so.
interface_of() {
  ifconfig -a 2>/dev/null | text=$1 awk '
    /^[^\t ]/ { name = $1; sub(/:$/, "", name) }
    index($0, "\tdescription: " ENVIRON["text"]) == 1 { print name }
  '
}

# our_interfaces: the bridge, and the taps of our guests.
our_interfaces() {
  ifconfig -a 2>/dev/null | machines=" $(our_machines | tr '\n' ' ')" bridge=$bridge_text awk '
    /^[^\t ]/ { name = $1; sub(/:$/, "", name) }
    $0 == "\tdescription: " ENVIRON["bridge"] { print name }
    $1 == "description:" && $2 == "bhyve" && index(ENVIRON["machines"], " " $3 " ") { print name }
  '
}

# is_bare INTERFACE: it is there, and has neither a description nor a member, nor is it open.
is_bare() {
  shown=$(ifconfig "$1" 2>/dev/null) || return 1
  case $shown in *'	description: '* | *'	member: '* | *'	Opened by PID '*) return 1 ;; esac
}

# make_bare KIND WORD...: sets made_one to an interface by a number that is written down before, and sets it up: who is killed between the
# two has left one without a description, which --clean then knows by this name. Two calls, because behind `create` ifconfig(8) sets up
# what is there already. Not for a subshell: one that lives longer than we do goes on.
make_bare() {
  unit=$(($$ % 20000 + 10000)) tries=10 kind=$1
  shift
  while [ "$tries" -gt 0 ]; do
    tries=$((tries - 1)) unit=$((unit + 1)) got=1
    ! ifconfig "$kind$unit" >/dev/null 2>&1 || continue
    made interface "$kind$unit"
    got=0
    said=$(ifconfig "$kind$unit" create 2>&1) || got=$?
    [ "$got" -ne 0 ] || break
    printf '%s\n' "$said" >>"$work/log"
    # The number may be that of somebody else, whose interface has another name, or who was faster.
    case $said in *exist* | *': create: bad value') made other "$kind$unit" ;; *) return 1 ;; esac
  done
  [ "$got" -eq 0 ] || return 1
  made_one=$(ifconfig "$kind$unit" "$@" 2>>"$work/log") || return 1
  made_one=${made_one:-$kind$unit} made_one=${made_one##*"$newline"}
}

make_bridge() { make_bare bridge description "$bridge_text" name "$bridge" up; }

# clean_all: unmakes what this run, or one that was killed, has made; sets left to what resists.
clean_all() {
  left=''
  # Without notes nothing was made but the folder.
  [ ! -e "$root$base/made" ] || unmake_all
  [ -z "$left" ] || return 1
  # The notes go last, so that a run that is killed here is found again.
  for name in roms guests state full work pool; do rm -rf "$root$base/${name:?}"; done
  rm -rf "$root$base" && [ ! -e "$root$base" ] || left=$base
  [ -z "$left" ]
}

# unmake_all: launchers come first, since they know best what they have made; what they cannot undo is found by its name.
unmake_all() {
  # A launcher that is asked ends its guest, and unmakes all.
  end_processes TERM || end_processes KILL || left='processes'
  for guest in $guest_names; do
    [ -e "$root$base/state/bhyvecst-$guest" ] || [ -e "$root$base/full/state/bhyvecst-$guest" ] || continue
    within 60 "$last_moment" || limit=1
    timeout --foreground -k 1 "$limit" /bin/sh "$root$base/guests/$guest/launch" clean >/dev/null 2>&1 </dev/null || :
  done
  for node in $(our_nodes); do
    bhyvectl --vm="${node##*/}" --destroy >/dev/null 2>&1 || left="$left $node"
  done
  for interface in $(our_interfaces); do
    ifconfig "$interface" destroy || left="$left $interface"
  done
  # Backwards, as it was made.
  sed -n '1!G;h;$p' "$root$base/made" >"$root$base/unmade"
  others=' '
  while read -r what which; do
    case $what in
    other) others="$others$which " ;;
    interface)
      case $others in *" $which "*) continue ;; esac
      ! is_bare "$which" || ifconfig "$which" destroy || left="$left $which"
      ;;
    mount) umount -f "$root$which" 2>/dev/null || ! is_mounted "$which" || left="$left $which" ;;
    file) rm -f "$root$which" || left="$left $which" ;;
    folder) rmdir "$root$which" 2>/dev/null || : ;;
    tree) rm -rf "$root$which" || left="$left $which" ;;
    esac
  done <"$root$base/unmade"
}

is_mounted() { mount | grep -q " on $root$1 "; }
