# --- the host ----------------------------------------------------------------------------------------------------------

# check_host: refuses where no guest can run, or where a test would do harm. It changes nothing but for the module vmm.
check_host() {
  [ "$(uname -s)" = FreeBSD ] || refuse 'this system is not FreeBSD: run this on the host that guests are to run on'
  release=$(freebsd-version -u 2>/dev/null) || release=$(uname -r)
  [ "$(uname -p)" = amd64 ] || refuse 'the guests of this test are programs for amd64'
  [ "$(sysctl -n security.jail.jailed 2>/dev/null)" != 1 ] || refuse 'this is a jail: run this on the host itself'
  level=$(sysctl -n kern.securelevel 2>/dev/null) || level=-1
  [ "${level:--1}" -lt 1 ] || refuse "the securelevel is $level: no module can be loaded and no disk be written from 1 on"
  [ "$(id -u)" = 0 ] || refuse 'only root can run guests: use su, doas or sudo'
  for program in bhyve bhyvectl ifconfig kldload kldstat timeout awk; do
    command -v "$program" >/dev/null || refuse "$program is not there: it comes with FreeBSD itself"
  done
  [ -x "$root/usr/sbin/iasl" ] || refuse '/usr/sbin/iasl is not there: bhyve needs it for ACPI tables'
}

# check_vmm: kldload(8) gives 0 for a vmm that found no processor to work with, so the module itself is asked.
check_vmm() {
  loaded=0
  kldstat -q -m vmm || kldload -n vmm >/dev/null 2>&1 || loaded=$?
  if kldstat -q -m vmm; then
    # Ours are programs for real mode, as is each boot ROM.
    [ "$(sysctl -n hw.vmm.vmx.initialized 2>/dev/null).$(sysctl -n hw.vmm.vmx.cap.unrestricted_guest 2>/dev/null)" != 1.0 ] ||
      refuse 'this processor runs no guest from a boot ROM: it lacks what VT-x calls unrestricted guest'
    return 0
  fi
  file=0
  kldstat -q -n vmm || file=$?
  fact kldload-dead-vmm "kldload -n vmm ends with $loaded, kldstat -n vmm with $file, and the module is not there" \
    'templates: check_module; test/host/bin/kldload'
  refuse 'vmm does not work: switch on VT-x or AMD-V (SVM) in the firmware setup; dmesg tells why'
}

# tell_host: for the report; no name of the host, no address.
tell_host() {
  fact selftest "bhyvec $version"
  fact release "$release"
  fact kernel "$(uname -r)"
  fact files-for "$chosen"
  for name in hw.model hw.ncpu hw.physmem hw.vmm.maxcpu hw.vmm.vmx.initialized hw.vmm.svm.features kern.racct.enable \
    net.link.tap.up_on_open net.link.bridge.pfil_member net.link.bridge.pfil_bridge net.link.bridge.member_ifaddrs \
    hw.vmm.halt_detection kern.osreldate; do
    value=$(sysctl -n "$name" 2>/dev/null) || value='not there'
    fact "$name" "$value"
  done
  modules=''
  for module in vmm nmdm if_tuntap if_tap if_bridge tmpfs; do
    ! kldstat -q -m "$module" 2>/dev/null || modules="$modules $module"
  done
  fact modules "${modules# }"
}

# find_port FIRST: sets port to the first TCP port from there on at which nobody listens. False where that is not told.
find_port() {
  listening=$(sockstat -46l -P tcp 2>>"$work/log") || return 1
  port=$1
  while [ "$port" -lt $(($1 + 100)) ]; do
    case "$listening " in *":$port "*) port=$((port + 1)) ;; *) return 0 ;; esac
  done
  return 1
}

# choose_set: the files for the newest release that is not newer than this host. An unknown release has those of the newest.
choose_set() {
  mine=${release%%-*}
  case $release in *CURRENT* | main*) mine=9999 ;; esac
  chosen=$(index | mine=$mine awk '
    function rank(name, parts) {
      if (name !~ /^[0-9]/) return 9999
      split(name, parts, ".")
      return parts[1] * 100 + parts[2]
    }
    $1 == "set" && (rank($2) <= rank(ENVIRON["mine"]) || ENVIRON["mine"] == 9999) { chosen = $2 }
    END { print chosen }
  ')
  [ -n "$chosen" ] || refuse "FreeBSD $release is older than what bhyvec knows"
}
