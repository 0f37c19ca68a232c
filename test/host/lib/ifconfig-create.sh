# ifconfig(8): cloning, renaming and destroying interfaces.

# clone NAME: `tap` picks the lowest free unit, `tap10` asks for one. Sets i_name.
clone() {
  kind=${1%%[0-9]*}
  unit=${1#"$kind"}
  case $kind in
  tap | vmnet | tun) if [ "$rel" -ge 1300 ]; then module=if_tuntap; else module=if_tap; fi ;;
  bridge | epair | vlan | gif) module=if_$kind ;;
  lo) module='' ;;
  *) fail 1 "SIOCIFCREATE2${1:+ ($1)}: Invalid argument" ;;
  esac
  case $unit in *[!0-9]*) fail 1 "SIOCIFCREATE2 ($1): Invalid argument" ;; esac
  if [ -n "$module" ] && ! has_module "$module"; then
    printf 'file\n' >"$host/module/$module"
    [ "$kind" != bridge ] || printf 'file\n' >"$host/module/bridgestp"
  fi
  if [ -z "$unit" ]; then
    unit=0
    while [ -s "$host/unit/$kind$unit" ] || if_exists "$kind$unit"; do unit=$((unit + 1)); done
    printed=$kind$unit
  elif [ -s "$host/unit/$kind$unit" ]; then
    # It has another name by now.
    if [ "$rel" -ge 1300 ]; then fail 1 "interface $1 already exists"; fi
    fail 1 'SIOCIFCREATE2: File exists'
  fi
  i_name=$kind$unit i_kind=$kind i_unit=$kind$unit i_mtu=1500 i_up=0 i_was_up=0 i_descr='' i_groups=$kind
  i_addrs='' i_bridge='' i_members='' i_flags='' i_opener=''
  i_ether=58:9c:fc:$((10 + ${#kind})):$((unit / 90 % 90 + 10)):$((unit % 90 + 10))
  printf '%s\n' "$i_name" >"$host/unit/$i_name"
  : >"$host/up/$i_name"
  if_save
  # It is there, and nothing of the further words is done.
  [ ! -s "$host/faults" ] || midway create "$i_name"
}

# vlan_of vlan|vlandev VALUE: what a vlan(4) interface is of.
vlan_of() {
  case $1 in
  vlan)
    case $2 in '' | *[!0-9]*) fail 1 'vlan: invalid tag' ;; esac
    if [ "$2" -lt 1 ] || [ "$2" -gt 4094 ]; then fail 1 'SIOCSETVLAN: Invalid argument'; fi
    ;;
  vlandev) if_exists "$2" || fail 1 'SIOCSETVLAN: Device not configured' ;;
  esac
  i_flags="${i_flags:+$i_flags }$1=$2"
}

rename() {
  if_known_name "$1" || fail 1 "ioctl SIOCSIFNAME (set name): Invalid argument"
  if if_exists "$1"; then fail 1 'ioctl SIOCSIFNAME (set name): File exists'; fi
  if [ -n "$i_opener" ]; then fail 1 'ioctl SIOCSIFNAME (set name): Device busy'; fi
  old=$i_name
  i_name=$1 i_was_up=0
  : >"$host/up/$i_name"
  if_save
  : >"$host/up/$old"
  : >"$host/if/$old"
  printf '%s\n' "$1" >"$host/unit/$i_unit"
  if [ -n "$i_bridge" ]; then rename_member "$i_bridge" "$old" "$1"; fi
  for member in $i_members; do (if_load "$member" && i_bridge=$1 && if_save); done
  printed=$i_name
}

rename_member() {
  (
    if_load "$1"
    members=''
    for member in $i_members; do
      [ "$member" != "$2" ] || member=$3
      members="${members:+$members }$member"
    done
    i_members=$members
    if_save
  )
}

# A tap that a process holds open is not given up: what FreeBSD does here is not established, and a
# launcher must destroy only after the process is gone.
destroy() {
  [ -n "$i_unit" ] || fail 1 'SIOCIFDESTROY: Invalid argument'
  [ -z "$i_opener" ] || fail 1 'SIOCIFDESTROY: Device busy'
  gone=$i_name gone_unit=$i_unit gone_bridge=$i_bridge gone_members=$i_members
  if [ -n "$gone_bridge" ] && if_load "$gone_bridge"; then
    . "$host_lib/ifconfig-bridge.sh"
    without "$gone" "$i_members"
    i_members=$list
    drop_flags "$gone"
    if_save
  fi
  for member in $gone_members; do
    if if_load "$member"; then
      i_bridge=''
      if_save
    fi
  done
  : >"$host/if/$gone"
  : >"$host/up/$gone"
  : >"$host/unit/$gone_unit"
  printed=''
}
