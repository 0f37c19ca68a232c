# What bhyve opens on the host, in the words of a plan (lib/plan.mjs). A function that fails ends bhyve with the
# status of set-up errors and leaves behind what came before, as reference 4.3 says.

refuse() {
  printf 'bhyve: %s\n' "$1" >&2
  give_back
  [ ! -s "$host/vm/$plan_name/run" ] || [ -z "${identity-}" ] || : >"$host/vm/$plan_name/run"
  finish "${2:-$failure}"
}

open_say() { printf '%s\n' "$1" >&2; }

open_rom() {
  inside "$1"
  [ -f "$inside" ] && [ -r "$inside" ] || refuse "Error opening bootrom \"$1\": No such file or directory" "$2"
}

open_vars() {
  inside "$1"
  [ -f "$inside" ] && [ -r "$inside" ] && [ -w "$inside" ] || refuse "Error opening bootvars \"$1\""
}

open_file() {
  inside "$1"
  [ -f "$inside" ] && [ -r "$inside" ] || refuse "could not open $1"
}

# If opening read-write fails newer code goes on read-only (the first such release is not established).
open_disk() {
  inside "$1"
  [ -e "$inside" ] || refuse "Could not open backing file: $1: No such file or directory"
  [ ! -d "$inside" ] || refuse "Could not open backing file: $1: Is a directory"
  [ -r "$inside" ] || refuse "Could not open backing file: $1: Permission denied"
}

open_directory() {
  inside "$1"
  [ -d "$inside" ] || refuse "virtio-9p: could not open $1: No such file or directory"
}

open_node() {
  inside "$1"
  [ -e "$inside" ] || refuse "could not open $1: No such file or directory"
}

# A TPM emulator must listen already.
open_peer() {
  inside "$1"
  [ -S "$inside" ] || refuse "tpm: could not connect to $1"
}

# bhyve creates the sockets of virtio-console and never removes them: a stale one is an error.
open_socket() {
  inside "$1"
  if [ -e "$inside" ] || [ -L "$inside" ]; then refuse "vtcon: bind $1: Address already in use"; fi
  ln "$host/socket" "$inside" 2>/dev/null || refuse "vtcon: bind $1: No such file or directory"
}

open_unix() {
  inside "$1"
  if [ -e "$inside" ]; then refuse "fbuf: bind $1: Address already in use"; fi
  ln "$host/socket" "$inside" 2>/dev/null || refuse "fbuf: bind $1: No such file or directory"
}

open_stdio() { :; }

# Opening one end of a null modem creates both; any other path must be a terminal.
open_tty() {
  inside "$1"
  case $1 in
  /dev/nmdm*[AB])
    has_module nmdm || refuse "unable to initialize backend '$1': No such file or directory"
    other=${inside%?}
    printf '' >>"${other}A" && printf '' >>"${other}B"
    [ -z "$says" ] || printf '%s\r\n' "$says" >"${other}B"
    ;;
  /dev/null | /dev/zero | /dev/full | /dev/random | /dev/urandom)
    refuse "unable to initialize backend '$1': Inappropriate ioctl for device"
    ;;
  /dev/*)
    [ -e "$inside" ] && [ ! -d "$inside" ] || refuse "unable to initialize backend '$1': No such file or directory"
    ;;
  *) refuse "unable to initialize backend '$1': Inappropriate ioctl for device" ;;
  esac
}

# A tap has one opener at a time. Newer releases raise it themselves (13.0 is assumed), older ones rely on
# net.link.tap.up_on_open.
open_tap() {
  lock "tap.$1"
  if ! if_exists "$1"; then refuse "open of tap device /dev/$1 failed: No such file or directory"; fi
  if_load "$1"
  case $i_kind in tap | vmnet) ;; *) refuse "open of tap device /dev/$1 failed: No such file or directory" ;; esac
  [ -z "$i_opener" ] || refuse "open of tap device /dev/$1 failed: Device busy"
  printf '%s\n' "$identity" >"$host/open/$1"
  sysctl_value net.link.tap.up_on_open || value=0
  if [ "$rel" -ge 1300 ] || [ "$value" = 1 ]; then printf '1\n' >"$host/up/$1"; fi
  unlock
  held_taps="$held_taps $1"
}

open_listen() {
  lock "port.$2"
  # shellcheck disable=SC2144
  for record in "$host/port/"*":$2"; do
    [ -s "$record" ] || continue
    address=${record##*/}
    case ${address%:*}.$1 in
    '*'.* | *.'*' | 0.0.0.0.* | *.0.0.0.0 | "$1.$1") if alive "$record"; then refuse "bind $1:$2: Address already in use"; fi ;;
    esac
  done
  printf '%s bhyve\n' "$identity" >"$host/port/$1:$2"
  unlock
  held_ports="$held_ports $1:$2"
  [ -z "$says" ] || printf '%s\r\n' "$says" >"$host/said/$1:$2"
}

open_ppt() {
  case $1 in
  ppt*) find_ppt "$1" || refuse "passthru: $1: not found" ;;
  *) record=$host/pci/$(ppt_file "$1") ;;
  esac
  pci_driver='' pci_user=''
  [ ! -s "$record" ] || . "$record"
  # Without a ROM the loader has set the memory up, and must have wired it.
  if [ "$plan_rom" = 0 ] && [ "${loaded_wired:-0}" != 1 ]; then refuse "passthru: guest memory is not wired"; fi
  case $pci_driver in ppt[0-9]*) ;; *) refuse "passthru: PCI device at $1 is not using the ppt(4) driver" ;; esac
  if [ -s "$host/pci.user/${record##*/}" ] && alive "$host/pci.user/${record##*/}"; then refuse "passthru: PCI device at $1 is in use: Device busy"; fi
  printf '%s\n' "$identity" >"$host/pci.user/${record##*/}"
}

ppt_file() {
  rest=${1#*/}
  printf '%s:%s:%s' "${1%%/*}" "${rest%%/*}" "${rest#*/}"
}

find_ppt() {
  for record in "$host"/pci/*; do
    pci_driver=''
    . "$record"
    [ "$pci_driver" != "$1" ] || return 0
  done
  return 1
}

open_pin() {
  sysctl_value hw.ncpu || value=1
  [ "$1" -lt "$value" ] || refuse "vCPU pinning: host CPU $1 does not exist"
}

# What goes away with the process: its hold on taps and ports. Sockets, nmdm nodes and the object stay.
give_back() {
  if [ -z "$held_taps$held_ports" ]; then return 0; fi
  for tap in $held_taps; do
    : >"$host/open/$tap"
    if if_load "$tap"; then if_last_close; fi
  done
  for port in $held_ports; do : >"$host/port/$port"; done
  held_taps='' held_ports=''
}
