/** The commits of the story: the documents after each, and what else is done. */

/** File names and texts. */
export type Documents = Readonly<Record<string, string>>;

/** One commit. */
export interface Commit {
  /** Of its page. */
  readonly name: string;
  readonly title: string;
  readonly documents: Documents;
  readonly target: string;
  readonly prune?: boolean;
  /** It has a mistake: nothing is built, and the folder stays. */
  readonly isRefused?: true;
  /** `bhyvec lock rename`, before the plan. */
  readonly rename?: { readonly from: string; readonly to: string };
}

/** What differs between the guests, and from commit to commit. */
interface Guest {
  readonly name: string;
  readonly uuid?: string;
  readonly comment?: string;
  readonly vcpus?: number;
  readonly disk?: string;
  readonly devices?: readonly string[];
}

const cd = `<disk type='file' device='cdrom'><source file='/iso/installer.iso'/><target dev='sda' bus='sata'/></disk>`;
const vnc = (port: string): string => `<graphics type='vnc' ${port} listen='127.0.0.1'/>`;
const nic = (bridge: string): string =>
  `<interface type='bridge'><source bridge='${bridge}'/><model type='virtio'/></interface>`;

/** A line for each thing, as people write it. */
function document({ name, uuid, comment, vcpus = 1, disk, devices = [] }: Guest): string {
  return [
    "<domain type='bhyve'>",
    ...(comment === undefined ? [] : [`  <!-- ${comment} -->`]),
    `  <name>${name}</name>`,
    ...(uuid === undefined ? [] : [`  <uuid>${uuid}</uuid>`]),
    "  <memory unit='GiB'>2</memory>",
    `  <vcpu>${String(vcpus)}</vcpu>`,
    "  <os firmware='efi'><type>hvm</type></os>",
    '  <devices>',
    `    <disk type='block'><source dev='${disk ?? `/dev/zvol/zroot/${name}`}'/><target dev='vda' bus='virtio'/></disk>`,
    ...devices.map((device) => `    ${device}`),
    "    <serial type='nmdm'/>",
    '  </devices>',
    '</domain>',
    '',
  ].join('\n');
}

const lan = nic('bridge0');
const web = { name: 'web', vcpus: 2, devices: [cd, lan] };
const db = { name: 'db', vcpus: 2, devices: [lan] };
const mail = { name: 'mail', devices: [lan, vnc("port='-1' autoport='yes'")] };
const [older, newer] = ['freebsd-14.3', 'freebsd-15.0'];

/** The files, in the order in which they are given. */
function files(...guests: readonly Guest[]): Documents {
  return Object.fromEntries(guests.map((guest) => [`${guest.name}.xml`, document(guest)]));
}

const larger = { ...web, vcpus: 3 };
const told = { ...db, comment: 'backups run at three' };
const wider = { ...larger, devices: [cd, nic('bridge1'), lan] };
const installed = { ...larger, devices: [nic('bridge1'), lan] };
const store = { ...told, name: 'store', disk: '/dev/zvol/zroot/db' };
const moved = { ...mail, disk: '/dev/zvol/tank/mail' };
const fixed = { ...installed, devices: [...installed.devices, vnc("port='5900'")] };
const known = { ...installed, uuid: '6f4e2b66-0d6b-4c7e-9b5e-2f2b8f5d0a01' };

/** The pool of the first disks, and the volume that is one of them. */
function volume(gib: number): Documents {
  return {
    'zroot.xml': "<pool type='zfs'>\n  <name>zroot</name>\n  <source><name>zroot</name></source>\n</pool>\n",
    'db-disk.xml': [
      '<volume>',
      '  <name>db</name>',
      `  <capacity unit='GiB'>${String(gib)}</capacity>`,
      "  <pool xmlns='https://bhyvec.org/xmlns/volume/1.0' name='zroot'/>",
      '</volume>',
      '',
    ].join('\n'),
  };
}

function withPort(guest: Guest): Guest {
  return { ...guest, devices: [...(guest.devices ?? []), vnc("port='5900'")] };
}

export const commits: readonly Commit[] = [
  { name: 'two-guests', title: 'Two guests', documents: files(web, db), target: older },
  { name: 'guest-added', title: 'A guest is added', documents: files(web, db, mail), target: older },
  { name: 'vcpu', title: 'A vCPU more', documents: files(larger, db, mail), target: older },
  { name: 'comment', title: 'A comment', documents: files(larger, told, mail), target: older },
  { name: 'second-nic', title: 'A second NIC, before the first', documents: files(wider, told, mail), target: older },
  { name: 'cd-removed', title: 'The CD is removed', documents: files(installed, told, mail), target: older },
  {
    name: 'rename',
    title: 'A guest gets another name',
    documents: files(installed, store, mail),
    target: older,
    rename: { from: 'db', to: 'store' },
  },
  { name: 'release', title: 'The host gets a new release', documents: files(installed, store, mail), target: newer },
  {
    name: 'disk-moved',
    title: 'A disk moves to another pool',
    documents: files(installed, store, moved),
    target: newer,
  },
  {
    name: 'port-taken',
    title: 'A port is written down that another guest was given: its own, which is automatic, gives way',
    documents: files(fixed, store, moved),
    target: newer,
  },
  { name: 'guest-removed', title: 'A guest is removed', documents: files(known, store), target: newer, prune: true },
  { name: 'reorder', title: 'The files come in another order', documents: files(store, known), target: newer },
  {
    name: 'port-twice',
    title: 'Two guests have one port written down',
    documents: files(withPort(store), withPort(known)),
    target: newer,
    isRefused: true,
  },
  {
    name: 'volume',
    title: 'A disk is written down as a volume',
    documents: { ...files(store, known), ...volume(20) },
    target: newer,
  },
  {
    name: 'disk-grows',
    title: 'A disk grows',
    documents: { ...files(store, known), ...volume(40) },
    target: newer,
  },
];
