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
  mkdir "$work" "$root$base/roms" "$root$base/guests"
  : >"$work/log"
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

# made WHAT WHICH: written down before it is made. WHAT is file, folder, tree, mount or interface.
made() { printf '%s %s\n' "$1" "$2" >>"$root$base/made"; }

# make_file PATH: for us to write, by ourselves or by a launcher. What is there already is not ours.
make_file() {
  ! grep -q -x "file $1" "$root$base/made" 2>/dev/null || return 0
  if [ -e "$root$1" ] || [ -L "$root$1" ]; then
    skip="$1 is there already, and not made by this test"
    return 1
  fi
  make_folder "${1%/*}"
  made file "$1"
}

# make_folder PATH: with those above it.
make_folder() {
  [ ! -d "$root$1" ] || return 0
  make_folder "${1%/*}"
  made folder "$1"
  mkdir "$root$1"
}

# our_processes: launchers, guests, who listens to them, the supervisor. Who looks at a file of ours is none of them.
our_processes() {
  ps -axww -o pid= -o command= | where=$base/ port=$tcp_port mine=$$ awk '
    $1 == ENVIRON["mine"] { next }
    index($0, ENVIRON["where"] "guests/") && $2 ~ /(sh|busybox|timeout)$/ ||
      index($0, ENVIRON["where"] "work/daemon.sh") && $2 ~ /sh$/ ||
      index($0, ENVIRON["where"] "work/sock") && / supervise / ||
      $2 ~ /(cu|cat)$/ && /nmdm-bhyvecst/ || $2 ~ /nc$/ && $3 == "127.0.0.1" && $4 == ENVIRON["port"] ||
      $2 == "bhyve:" && $3 ~ /^bhyvecst-/ || $2 ~ /bhyve$/ && $NF ~ /^bhyvecst-/ { print $1 }
  '
}

# end_processes SIGNAL: true when none is left, for which it waits some seconds.
end_processes() {
  tries=100
  while :; do
    pids=$(our_processes)
    [ -n "$pids" ] || return 0
    # shellcheck disable=SC2086
    [ $((tries % 20)) -ne 0 ] || kill -s "$1" $pids 2>/dev/null || :
    [ "$tries" -gt 0 ] || return 1
    tries=$((tries - 1))
    sleep 0.1
  done
}

# interface_of DESCRIPTION: the names of the interfaces that carry it.
interface_of() {
  ifconfig -a 2>/dev/null | text=$1 awk '
    /^[^\t ]/ { name = $1; sub(/:$/, "", name) }
    index($0, "\tdescription: " ENVIRON["text"]) == 1 { print name }
  '
}

# clean_all: unmakes what this run, or one that was killed, has made; sets left to what resists. Launchers come first, since they
# know best what they have made; what they cannot undo is found by its name.
clean_all() {
  left=''
  # A launcher that is asked ends its guest, and unmakes all.
  end_processes TERM || end_processes KILL || left='processes'
  for guest in $guest_names; do
    [ -e "$root$base/state/bhyvecst-$guest" ] || [ -e "$root$base/full/state/bhyvecst-$guest" ] || continue
    timeout --foreground -k 5 60 /bin/sh "$root$base/guests/$guest/launch" clean >/dev/null 2>&1 </dev/null || :
  done
  for node in "$root"/dev/vmm/bhyvecst-*; do
    [ -e "$node" ] || continue
    bhyvectl --vm="${node##*/}" --destroy >/dev/null 2>&1 || left="$left $node"
  done
  for interface in $(interface_of 'bhyve bhyvecst-') $(interface_of "$bridge_text"); do
    ifconfig "$interface" destroy || left="$left $interface"
  done
  if [ -e "$root$base/made" ]; then
    # Backwards, as it was made.
    sed -n '1!G;h;$p' "$root$base/made" >"$root$base/unmade"
    while read -r what which; do
      case $what in
      mount) umount -f "$root$which" 2>/dev/null || ! is_mounted "$which" || left="$left $which" ;;
      file) rm -f "$root$which" || left="$left $which" ;;
      folder) rmdir "$root$which" 2>/dev/null || : ;;
      tree) rm -rf "$root$which" || left="$left $which" ;;
      esac
    done <"$root$base/unmade"
  fi
  [ -z "$left" ] || return 1
  # The notes go last, so that a run that is killed here is found again.
  for name in roms guests state full work pool; do rm -rf "$root$base/${name:?}"; done
  rm -rf "$root$base" && [ ! -e "$root$base" ] || left=$base
  [ -z "$left" ]
}

is_mounted() { mount | grep -q " on $root$1 "; }
