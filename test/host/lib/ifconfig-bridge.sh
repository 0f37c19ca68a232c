# ifconfig(8): bridge members. The rules depend on the release: reference section 6.4.

# addm MEMBER: the bridge is loaded in the i_ variables.
addm() {
  if ! if_exists "$1"; then fail 1 "BRDGADD $1: No such file or directory"; fi
  if [ "$1" = "$i_name" ]; then fail 1 "BRDGADD $1: Invalid argument"; fi
  b_name=$i_name b_mtu=$i_mtu b_members=$i_members
  if_load "$1"
  if [ "$i_bridge" = "$b_name" ]; then fail 1 "BRDGADD $1: File exists"; fi
  if [ -n "$i_bridge" ]; then fail 1 "BRDGADD $1: Device busy"; fi
  case $i_kind in lo | bridge | gif) fail 1 "BRDGADD $1: Invalid argument" ;; esac
  if [ "$rel" -ge 1500 ] && [ -n "$i_addrs" ]; then
    sysctl_value net.link.bridge.member_ifaddrs || value=0
    [ "$value" != 0 ] || fail 1 "BRDGADD $1: Invalid argument"
  fi
  if [ -z "$b_members" ]; then
    b_mtu=$i_mtu
  elif [ "$i_mtu" != "$b_mtu" ]; then
    # Newer releases set the member's MTU to that of the bridge where its driver lets them.
    if [ "$rel" -lt 1300 ] || [ "$i_kind" != tap ]; then fail 1 "BRDGADD $1: Invalid argument"; fi
    i_mtu=$b_mtu
  fi
  i_bridge=$b_name
  if_save
  if_load "$b_name"
  i_mtu=$b_mtu i_members="${i_members:+$i_members }$1"
  if_save
}

deletem() {
  contains "$1" "$i_members" || fail 1 "BRDGDEL $1: No such file or directory"
  b_name=$i_name
  if_load "$1" && i_bridge='' && if_save
  if_load "$b_name"
  without "$1" "$i_members"
  i_members=$list
  drop_flags "$1"
  if_save
}

drop_flags() {
  list=''
  for entry in $i_flags; do
    case $entry in "$1":*) ;; *) list="${list:+$list }$entry" ;; esac
  done
  i_flags=$list
}

# member_flag FLAG MEMBER, member_flag -FLAG MEMBER
member_flag() {
  contains "$2" "$i_members" || fail 1 "unable to get bridge flags for $2: No such file or directory"
  without "$2:${1#-}" "$i_flags"
  i_flags=$list
  case $1 in -*) ;; *) i_flags="${i_flags:+$i_flags }$2:$1" ;; esac
  if_save
}

# bridge_flag vlanfilter|-vlanfilter: of the bridge itself, bridge(4), "VLAN SUPPORT".
bridge_flag() {
  without vlanfilter "$i_flags"
  i_flags=$list
  case $1 in -*) ;; *) i_flags="${i_flags:+$i_flags }$1" ;; esac
  if_save
}

# member_vlans untagged|tagged MEMBER IDS: replaces what the member has; empty takes it away.
member_vlans() {
  contains "$2" "$i_members" || fail 1 "BRDGSIF$1 $2: No such file or directory"
  case $1 in untagged | tagged) ;; *) fail 1 "$1: the stand-in host does not know it" ;; esac
  case $3 in
  '' | all | none) ;;
  *[!0-9,-]*) fail 1 "invalid VLAN identifier: $3" ;;
  *)
    ids=$3
    while [ -n "$ids" ]; do
      id=${ids%%[,-]*}
      [ -n "$id" ] && [ "$id" -ge 1 ] && [ "$id" -le 4094 ] || fail 1 "invalid VLAN identifier: $3"
      case $ids in *[,-]*) ids=${ids#*[,-]} ;; *) ids='' ;; esac
    done
    ;;
  esac
  list=''
  for entry in $i_flags; do
    case $entry in "$2:$1="*) ;; *) list="${list:+$list }$entry" ;; esac
  done
  i_flags=$list
  [ -z "$3" ] || i_flags="${i_flags:+$i_flags }$2:$1=$3"
  if_save
}
