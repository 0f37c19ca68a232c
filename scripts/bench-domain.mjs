/** The guest that the benchmark compiles, in as many variants as wanted: about 2 KB, with the usual devices. */

/** The XML of the n-th guest. @param {number} n */
export function domainText(n) {
  const byte = (/** @type {number} */ value) => (value & 255).toString(16).padStart(2, '0');
  const name = `guest${String(n)}`;
  return `<domain type='bhyve'>
  <name>${name}</name>
  <uuid>df3be7e7-a104-11e3-${byte(n >> 24)}${byte(n >> 16)}-03dd5eb5${byte(n >> 8)}${byte(n)}</uuid>
  <title>Guest number ${String(n)}</title>
  <memory unit='KiB'>2097152</memory>
  <currentMemory unit='KiB'>2097152</currentMemory>
  <vcpu placement='static'>2</vcpu>
  <os>
    <type arch='x86_64'>hvm</type>
    <loader readonly='yes' type='pflash'>/usr/local/share/uefi-firmware/BHYVE_UEFI.fd</loader>
  </os>
  <features>
    <acpi/>
    <apic/>
  </features>
  <cpu>
    <topology sockets='1' cores='2' threads='1'/>
  </cpu>
  <clock offset='utc'/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <disk type='file' device='disk'>
      <driver name='file' type='raw'/>
      <source file='/vm/${name}/disk0.img'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <disk type='file' device='cdrom'>
      <driver name='file' type='raw'/>
      <source file='/vm/iso/install.iso'/>
      <target dev='sda' bus='sata'/>
      <readonly/>
    </disk>
    <controller type='sata' index='0'/>
    <interface type='bridge'>
      <mac address='52:54:00:${byte(n >> 16)}:${byte(n >> 8)}:${byte(n)}'/>
      <source bridge='bridge0'/>
      <model type='virtio'/>
    </interface>
    <serial type='nmdm'>
      <source master='/dev/nmdm${String(n)}A' slave='/dev/nmdm${String(n)}B'/>
    </serial>
    <graphics type='vnc' port='${String(5900 + n)}'>
      <listen type='address' address='127.0.0.1'/>
    </graphics>
    <video>
      <model type='gop' heads='1' primary='yes'/>
    </video>
    <input type='tablet' bus='usb'/>
    <rng model='virtio'>
      <backend model='random'>/dev/random</backend>
    </rng>
  </devices>
</domain>
`;
}
