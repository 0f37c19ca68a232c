// The usage text of bhyve(8): what programs look for in it differs between releases. The wording is ours.

/** @param {number} rel @param {string} arch @returns {string} */
export function usageText(rel, arch) {
  const topology = '[-c [[cpus=]numcpus][,sockets=n][,cores=n][,threads=n]]';
  if (arch === 'arm64') {
    return lines([
      'Usage: bhyve [-CDhSW]',
      `       ${topology} [-k file] [-m mem] [-o var=value]`,
      '       [-p vcpu:hostcpu] [-s pci] [-U uuid] vmname',
      '       -C: guest memory goes into core files',
      '       -D: destroy the VM on power-off',
    ]);
  }
  const letters = rel < 1300 ? 'abehuwxACHIPSWY' : 'aACDeHhPSuWwxY';
  return lines([
    `Usage: bhyve [-${rel >= 1500 ? letters.replace('A', '') : letters}]`,
    `       ${rel < 1200 ? '[-c vcpus] [-g gdbport]' : topology} [-l lpc] [-m mem]`,
    '       [-p vcpu:hostcpu] [-s pci] [-U uuid] vmname',
    ...(rel >= 1500 ? [] : ['       -A: create ACPI tables']),
    '       -c: number of CPUs',
    '       -H: exit to bhyve when the guest halts',
    '       -u: the clock of the guest runs in UTC',
  ]);
}

/** @param {string[]} all */
function lines(all) {
  return all.map((line) => `${line}\n`).join('');
}
