// Makes a stand-in host: a root folder with what a fresh FreeBSD host with the firmware packages has, and the
// kernel's side of it in .host.

import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInterfaceName, placeOf, straightPath } from './place.mjs';
import { releaseNumber } from './releases.mjs';

/**
 * @typedef {object} HostOptions
 * @property {string} [release] default 14.3
 * @property {string} [arch] amd64 or arm64
 * @property {number} [cpus]
 * @property {string[]} [bridges] NAME[:MTU[:vlanfilter]], each with an uplink em0, em1, ...
 * @property {string[]} [nics] NAME[:ADDRESS], interfaces that are members of no bridge; em0 with an address where neither these nor bridges are named
 * @property {string[]} [taps]
 * @property {string[]} [disks] paths of raw images, PATH or PATH:BYTES
 * @property {string[]} [zvols] /dev/zvol/POOL/VOL
 * @property {string[]} [ppt] devices already bound to ppt, B/S/F
 * @property {string[]} [pci] devices bound to a driver, B/S/F=DRIVER
 * @property {string[]} [modules] loaded from the start
 * @property {string[]} [absentModules] modules that cannot be loaded
 * @property {string[]} [deadModules] modules that load and do not work, such as vmm without a processor for it
 * @property {string[]} [absentFiles] files of the base system that are not there
 * @property {Record<string, string>} [sysctls]
 * @property {string[]} [nodes] further device nodes, as empty files
 * @property {number} [user] who runs all, in the place of root
 * @property {string[]} [ports] TCP ports in use, ADDRESS:PORT
 * @property {string[]} [pf] the main rules of a pf that is at work; without it pf is not loaded
 * @property {string} [defaultRoute] the interface that leads outside, default em0; empty for none
 */

const HERE = path.dirname(fileURLToPath(import.meta.url));
const FOLDERS = `
  dev/vmm dev/vmm.io dev/zvol etc/rc.d etc/rc.conf.d boot tmp usr/local/etc/rc.d usr/local/etc/rc.conf.d
  usr/local/libexec usr/share/bhyve/kbdlayout var/db var/log var/run
  .host/history .host/lock .host/hits .host/if .host/unit .host/open .host/module .host/absent .host/linked .host/dead .host/sysctl
  .host/vm .host/said .host/mount .host/lockf .host/pidfile .host/port .host/pci .host/pci.user .host/zfs .host/plan .host/process
  .host/pf .host/route`;

/** @param {string} root @param {HostOptions} [options] */
export function createRoot(root, options = {}) {
  const { release = '14.3', arch = 'amd64', cpus = 4 } = options;
  const rel = releaseNumber(release);
  if (!['amd64', 'arm64'].includes(arch)) throw new Error(`not an architecture: ${arch}`);
  const host = path.join(root, '.host');
  if (fs.existsSync(host)) throw new Error(`${root} is a stand-in host already`);
  for (const folder of FOLDERS.split(/\s+/).filter(Boolean)) fs.mkdirSync(path.join(root, folder), { recursive: true });
  // Not the mkfifo of a stand-in host that may be on PATH.
  const system = { PATH: '/usr/bin:/bin:/usr/local/bin' };
  const fifos = ['never', 'pause.fifo', 'wake'].map((name) => path.join(host, name));
  execFileSync('mkfifo', fifos, { env: system });
  makeSocket(host);
  /** @param {string} name @param {string} text */
  const write = (name, text) => {
    const file = path.join(root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  };
  const node = `'${process.execPath.replaceAll("'", "'\\''")}'`;
  write('.host/facts', `release=${release} rel=${rel} arch=${arch} host_node=${node}\n`);
  fs.copyFileSync(path.join(HERE, '../etc/rc.subr'), path.join(root, 'etc/rc.subr'));
  if (options.user !== undefined) write('.host/user', `${options.user}\n`);
  write('etc/rc.conf', '');
  write('usr/sbin/iasl', '#!/bin/sh\n');
  fs.chmodSync(path.join(root, 'usr/sbin/iasl'), 0o755);
  writeFirmware(write, arch);
  writeModules(write, rel, options);
  writeSysctls(write, { release, rel, arch, cpus }, options.sysctls ?? {});
  writeInterfaces(write, options);
  if (options.pf !== undefined) {
    write('dev/pf', '');
    write('.host/pf/enabled', '1\n');
    write('.host/pf/main', options.pf.map((line) => `${line}\n`).join(''));
  }
  const { defaultRoute = 'em0' } = options;
  write('.host/route/default', defaultRoute === '' ? '' : `${defaultRoute}\n`);
  for (const disk of options.disks ?? []) makeDisk(root, disk);
  for (const zvol of options.zvols ?? []) makeZvol(root, zvol);
  for (const [index, address] of (options.ppt ?? []).entries()) writePci(write, address, `ppt${index}`, '');
  for (const entry of options.pci ?? []) {
    const [address = '', driver = ''] = entry.split('=');
    writePci(write, address, driver, driver);
  }
  for (const device of options.nodes ?? []) makeFile(root, device, '');
  for (const file of options.absentFiles ?? []) fs.rmSync(path.join(root, file));
  for (const port of options.ports ?? []) write(`.host/port/${port}`, 'static 0 other\n');
}

/** @typedef {(name: string, text: string) => void} Write */

/**
 * Neither sh nor Node can make a socket file without a listener: one is made here, and links to it serve as the sockets
 * that bhyve and swtpm create. The path over /proc keeps below the limit of sun_path.
 * @param {string} host
 */
function makeSocket(host) {
  const folder = fs.openSync(host, 'r');
  const near = fs.existsSync('/proc/self/fd') ? `/proc/self/fd/${folder}` : host;
  const server = net.createServer().listen(`${near}/socket.bound`);
  fs.linkSync(path.join(host, 'socket.bound'), path.join(host, 'socket'));
  fs.rmSync(path.join(host, 'socket.bound'));
  server.close();
  fs.closeSync(folder);
}

/** @param {Write} write @param {string} arch */
function writeFirmware(write, arch) {
  write('boot/userboot.so', 'userboot\n');
  for (const layout of ['default', 'de_noacc', 'fr', 'jp', 'uk'])
    write(`usr/share/bhyve/kbdlayout/${layout}`, `${layout}\n`);
  if (arch === 'arm64') {
    write('usr/local/share/u-boot/u-boot-bhyve-arm64/u-boot.bin', 'u-boot\n');
    return;
  }
  for (const folder of ['edk2-bhyve', 'uefi-firmware']) {
    for (const file of ['BHYVE_UEFI.fd', 'BHYVE_UEFI_CODE.fd', 'BHYVE_UEFI_VARS.fd']) {
      write(`usr/local/share/${folder}/${file}`, `${file}\n`);
    }
  }
  write('usr/local/share/uefi-firmware/BHYVE_UEFI_CSM.fd', 'BHYVE_UEFI_CSM.fd\n');
}

/** @param {Write} write @param {number} rel @param {HostOptions} options */
function writeModules(write, rel, options) {
  const builtin = rel >= 1300 ? ['kernel', 'aio', 'if_tuntap'] : ['kernel', 'aio'];
  const loaded = [...(options.modules ?? []), ...(options.bridges === undefined ? [] : ['if_bridge', 'bridgestp'])];
  for (const module of builtin) write(`.host/module/${module}`, 'builtin\n');
  for (const module of loaded) write(`.host/module/${module}`, 'file\n');
  for (const module of options.absentModules ?? []) write(`.host/absent/${module}`, '');
  for (const module of options.deadModules ?? []) write(`.host/dead/${module}`, '');
  if (loaded.includes('vmm') && rel >= 1500) write('dev/vmmctl', '');
}

/** @param {Write} write @param {{ release: string, rel: number, arch: string, cpus: number }} facts @param {Record<string, string>} extra */
function writeSysctls(write, { release, rel, arch, cpus }, extra) {
  const number = rel >= 9900 ? 1600000 : Math.trunc(rel / 100) * 100000 + (rel % 100) * 1000;
  const filter = rel >= 1400 ? '0' : '1';
  /** @type {Record<string, string>} */
  const values = {
    'hw.machine': arch,
    'hw.model': 'Stand-in CPU',
    'hw.ncpu': String(cpus),
    'hw.physmem': String(16 * 1024 ** 3),
    'kern.hostname': 'host.example.org',
    'kern.init_shutdown_timeout': '120',
    'kern.osreldate': String(number),
    'kern.osrelease': release === 'main' ? '16.0-CURRENT' : `${release}-RELEASE`,
    'kern.ostype': 'FreeBSD',
    'kern.racct.enable': '0',
    'kern.securelevel': '-1',
    'net.inet.ip.forwarding': '0',
    'net.inet6.ip6.forwarding': '0',
    'net.link.bridge.inherit_mac': '0',
    'net.link.bridge.ipfw': '0',
    'net.link.bridge.pfil_bridge': filter,
    'net.link.bridge.pfil_member': filter,
    'net.link.bridge.pfil_onlyip': '1',
    'net.link.tap.devfs_cloning': '0',
    'net.link.tap.up_on_open': '0',
    'net.link.tap.user_open': '0',
    'security.jail.jailed': '0',
    'vfs.zfs.vol.mode': '1',
    ...(rel >= 1302 ? { 'hw.vmm.maxcpu': String(cpus) } : {}),
    ...(rel >= 1500 ? { 'net.link.bridge.member_ifaddrs': '0' } : {}),
    ...extra,
  };
  for (const [name, value] of Object.entries(values)) write(`.host/sysctl/${name}`, `${value}\n`);
}

/** @param {Write} write @param {HostOptions} options */
function writeInterfaces(write, options) {
  /** @param {string} name @param {Record<string, string | number>} fields */
  const record = (name, fields) => {
    if (!isInterfaceName(name)) throw new Error(`not a name of an interface: ${name}`);
    const all = { i_kind: 'ether', i_unit: '', i_mtu: 1500, i_ether: '58:9c:fc:00:00:01', ...fields };
    if (all.i_kind !== 'tap') write(`.host/up/${name}`, '1\n');
    write(
      `.host/if/${name}`,
      Object.entries({ ...all, i_end: 1 })
        .map(([key, value]) => `${key}='${value}'`)
        .join(' ') + '\n',
    );
  };
  record('lo0', { i_kind: 'lo', i_mtu: 16384, i_addrs: '127.0.0.1', i_groups: 'lo' });
  const bridges = options.bridges ?? [];
  const nics = new Map((options.nics ?? []).map(splitNic));
  for (const [name, address] of nics) record(name, address === '' ? {} : { i_addrs: address });
  let number = 0;
  for (const [index, bridge] of bridges.entries()) {
    const [name = '', mtu = '', flags = ''] = bridge.split(':');
    const i_mtu = mtu === '' ? '1500' : mtu;
    while (nics.has(`em${number}`)) number += 1;
    const uplink = `em${number}`;
    number += 1;
    record(uplink, { i_bridge: name, i_mtu });
    record(name, {
      i_kind: 'bridge',
      i_unit: `bridge${index}`,
      i_mtu,
      i_groups: 'bridge',
      i_members: uplink,
      i_flags: flags,
    });
    write(`.host/unit/bridge${index}`, `${name}\n`);
  }
  if (bridges.length === 0 && options.nics === undefined) record('em0', { i_addrs: '192.0.2.10/24' });
  for (const name of options.taps ?? []) makeTap(write, name);
}

/** @param {string} nic @returns {[name: string, address: string]} */
function splitNic(nic) {
  const end = nic.indexOf(':');
  return end === -1 ? [nic, ''] : [nic.slice(0, end), nic.slice(end + 1)];
}

/** A tap that is down, with nobody in it. @param {Write} write @param {string} name */
export function makeTap(write, name) {
  if (!isInterfaceName(name)) throw new Error(`not a name of an interface: ${name}`);
  const fields = `i_kind='tap' i_unit='${name}' i_mtu='1500' i_ether='58:9c:fc:00:00:01' i_groups='tap' i_end='1'`;
  write(`.host/if/${name}`, `${fields}\n`);
  write(`.host/unit/${name}`, `${name}\n`);
}

/** A file with a text, and the directories above it. @param {string} root @param {string} file @param {string} text @param {number} [mode] */
export function makeFile(root, file, text, mode = 0o644) {
  const place = placeOf(root, file);
  fs.mkdirSync(path.dirname(place), { recursive: true });
  fs.writeFileSync(place, text, { mode });
}

/** @param {string} root @param {string} disk PATH or PATH:BYTES */
export function makeDisk(root, disk) {
  const [, name = disk, size = '1048576'] = /^(.*):(\d+)$/s.exec(disk) ?? [];
  makeFile(root, name, '');
  fs.truncateSync(placeOf(root, name), Number(size));
}

/** Names of a pool and of a volume in it, as zfs(8) takes them. */
const DATASET = /^[A-Za-z0-9_.:-]+(?:\/[A-Za-z0-9_.: -]+)+$/;

/** The dataset of a zvol's node; undefined where the path cannot be one. @param {string} file */
export function datasetOf(file) {
  const [, dataset = ''] = /^\/dev\/zvol\/(.*)$/s.exec(straightPath(file)) ?? [];
  return DATASET.test(dataset) ? dataset : undefined;
}

/** A zvol is a link to a character device, so that `[ -c ]` holds without root. @param {string} root @param {string} zvol its node or dataset */
export function makeZvol(root, zvol) {
  const dataset = datasetOf(zvol.startsWith('/') ? zvol : `/dev/zvol/${zvol}`);
  if (dataset === undefined) throw new Error(`not the node of a zvol: ${zvol}`);
  makeDataset(root, path.posix.dirname(dataset));
  fs.writeFileSync(path.join(root, '.host/zfs', dataset.replaceAll('/', ',')), 'volume 1073741824 dev\n');
  const node = placeOf(root, `/dev/zvol/${dataset}`);
  fs.mkdirSync(path.dirname(node), { recursive: true });
  fs.symlinkSync('/dev/null', node);
}

/** A dataset of file systems, and those that it is in. @param {string} root @param {string} dataset */
export function makeDataset(root, dataset) {
  if (datasetOf(`/dev/zvol/${dataset}/volume`) === undefined) throw new Error(`not a dataset: ${dataset}`);
  const parts = dataset.split('/');
  for (const length of parts.keys()) {
    fs.writeFileSync(path.join(root, '.host/zfs', parts.slice(0, length + 1).join(',')), 'filesystem - -\n');
  }
}

/** @param {Write} write @param {string} address B/S/F @param {string} driver @param {string} original */
export function writePci(write, address, driver, original) {
  if (!/^\d+\/\d+\/\d+$/.test(address) || !/^\w*$/.test(driver))
    throw new Error(`not a PCI device: ${address} ${driver}`);
  write(`.host/pci/${address.replaceAll('/', ':')}`, `pci_driver='${driver}' pci_original='${original}'\n`);
}
