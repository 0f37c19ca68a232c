# What bhyveload and grub-bhyve have in common once their arguments are read (reference 5.2, 5.3).

# play_loader NAME: the scripted end of this load; returns when the guest is loaded.
play_loader() {
  next_entry "$1" loader
  case $entry in
  '' | run | load | exit:0) ;;
  exit:* | exit-at-once:*) fail "${entry##*:}" 'the boot loader ended without loading the guest' ;;
  signal:*)
    printf '=%s' "signal:${entry#signal:}" >>"$host/history/$seq"
    kill -s "${entry#signal:}" $$
    ;;
  after:*)
    sleep "${entry#after:}"
    ;;
  hang)
    announce "$self $1"
    exec 8<>"$host/never"
    while :; do read -r _ <&8; done
    ;;
  esac
}

# load_guest NAME MEMORY WIRED: creates the object when there is none and marks it as loaded.
load_guest() {
  vm_exists "$1" || vm_create "$1" || fail 1 "vm_create: Operation not permitted"
  printf '%s %s\n' "$2" "$3" >"$host/vm/$1/loaded"
}

# disk_opens PATH: a disk image must be a file or a disk device.
disk_opens() {
  inside "$1"
  [ -f "$inside" ] || [ -c "$inside" ] || [ -b "$inside" ]
}
