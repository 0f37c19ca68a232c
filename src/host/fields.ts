/**
 * Every key of a host profile file: its form, what it is for, an example. docs/host-profile.md explains them at
 * length, schemas/host-profile.schema.json is made from this table.
 */
import { capabilities, releases } from './releases.ts';
import { hostName, plain, type ChoiceShape, type ListShape, type RecordShape, type TextShape } from './shape.ts';
import { defaultSettings } from './targets.ts';

/** The version of the file format. */
export const profileVersion = 1;

const defaults = defaultSettings('bhyvec');

const plainNoSlash = plain.replace('[^', '[^/');

const path: TextShape = {
  kind: 'text',
  is: 'path',
  pattern: `^/${plain}{0,1022}$`,
  expected: 'an absolute path',
  rule: 'a path starts with / and has no control characters and at most 1023 characters',
};

const libvirtName = name(`^${plainNoSlash}{1,255}$`, {
  expected: 'a name without "/"',
  rule: 'a network or pool has a name of 1 to 255 characters without "/" and control characters',
});
const bridgeName = name('^[A-Za-z][A-Za-z0-9._-]{0,14}$', {
  expected: 'a bridge such as "bridge0"',
  rule: 'an interface has a name of at most 15 letters, digits, ".", "_" and "-", a letter first',
});
const fileName = name(`^(?!\\.{1,2}$)${plainNoSlash}{1,255}$`, {
  expected: 'a file name',
  rule: 'write the name of the file without its directory',
});
const dataset = name('^(?=.{1,255}$)[A-Za-z][A-Za-z0-9._:-]*(?:/[A-Za-z0-9_][A-Za-z0-9._:-]*)*$', {
  expected: 'a dataset such as "zroot/vm"',
  rule: 'write the dataset as zfs list prints it, without a leading slash and without blanks',
});

const note = name(`^${plain}{1,4000}$`, {
  expected: 'a sentence on one line',
  rule: 'a note has 1 to 4000 characters and no control characters',
});

const capability: ChoiceShape = {
  kind: 'choice',
  code: 'BV1010',
  values: capabilities,
  accepted: 'those of "bhyvec target show"',
};
const capabilityList: ListShape = { kind: 'list', item: capability };

const capabilityChanges: RecordShape = {
  kind: 'record',
  fields: {
    add: {
      shape: capabilityList,
      description: 'What this host can do beyond its release',
      examples: [['slirp'], ['rctl', 'tcp-console']],
    },
    remove: {
      shape: capabilityList,
      description: 'What this host cannot do although its release can',
      examples: [['passthru'], ['grub-cons-dev']],
    },
  },
};

const firmware: RecordShape = {
  kind: 'record',
  fields: {
    directory: {
      shape: path,
      description: 'The directory of the UEFI images, of the port sysutils/edk2@bhyve',
      examples: ['/usr/local/share/uefi-firmware'],
      default: defaults.firmware.directory,
    },
    files: {
      shape: { kind: 'list', item: fileName },
      description:
        'The files in that directory in the order of the directory. Without the key BHYVE_UEFI.fd and its template for variables are taken for present',
      examples: [['BHYVE_UEFI.fd', 'BHYVE_UEFI_VARS.fd']],
    },
    uboot: {
      shape: path,
      description: 'The U-Boot image for arm64 guests without a <loader>, of the port sysutils/u-boot-bhyve-arm64',
      examples: [defaults.firmware.uboot],
      default: defaults.firmware.uboot,
    },
    ubootExists: {
      shape: { kind: 'boolean' },
      description: 'Whether the U-Boot image is installed',
      examples: [true],
      default: defaults.firmware.ubootExists,
    },
  },
};

const seconds = { kind: 'integer', first: 0, last: 86400 } as const;
const port = { kind: 'integer', first: 1, last: 65535 } as const;

/** A host profile file. */
export const profileShape: RecordShape = {
  kind: 'record',
  fields: {
    $schema: {
      shape: { kind: 'any-text' },
      description: 'For editors: where the schema of this file is. bhyvec passes it over',
      examples: ['../../schemas/host-profile.schema.json'],
    },
    version: {
      shape: { kind: 'version', accepted: profileVersion },
      required: true,
      description: 'The version of this file format',
      examples: [profileVersion],
    },
    name: {
      shape: hostName,
      description:
        'What messages and generated files call this host. Without the key it is the name of the built-in target of the release, or "host"',
      examples: ['build-host', 'node-7.example'],
    },
    notes: {
      shape: { kind: 'list', item: note },
      description: 'For readers: what bhyvec host probe could not find out, or had to choose. bhyvec passes it over',
      examples: [['the network "default" is bridge0, the only bridge']],
    },
    release: {
      shape: {
        kind: 'choice',
        code: 'BV1009',
        values: releases,
        accepted: `${releases[0]} to ${releases[releases.length - 2] ?? ''} and main`,
      },
      description:
        'The FreeBSD release of the host, from which its capabilities follow; main is the development branch. Without the key capabilities lists all of them',
      examples: ['14.3', '15.1'],
    },
    arch: {
      shape: { kind: 'choice', code: 'BV1011', values: ['amd64', 'arm64'], accepted: '"amd64" and "arm64"' },
      description: 'The architecture of host and guest; arm64 from FreeBSD 15.0',
      examples: ['amd64'],
      default: 'amd64',
    },
    capabilities: {
      shape: { kind: 'either', list: capabilityList, record: capabilityChanges },
      description:
        'With a release: an object that adds capabilities to those of the release and removes others. Without a release: the list of all capabilities',
      examples: [{ add: ['slirp'], remove: ['passthru'] }],
    },
    privileged: {
      shape: { kind: 'boolean' },
      description:
        'Whether root runs the guest. Without privileges there are no loader commands and no resource limits, and bhyve runs with -M',
      examples: [true],
      default: defaults.privileged,
    },
    firmware: { shape: firmware, description: 'Firmware images', examples: [{ files: ['BHYVE_UEFI.fd'] }] },
    nvramDirectory: {
      shape: path,
      description: 'The directory of the UEFI variable stores, one file for each guest',
      examples: ['/var/db/bhyvec/nvram'],
      default: defaults.nvramDirectory,
    },
    stateDirectory: {
      shape: path,
      description: 'The directory of device maps and other run-time files',
      examples: ['/var/run/bhyvec'],
      default: defaults.stateDirectory,
    },
    runDirectory: {
      shape: path,
      description: 'The run directory of bhyve without privileges (-o rundir=)',
      examples: ['/home/vm/run'],
      default: defaults.runDirectory,
    },
    loaderTimeout: {
      shape: {
        kind: 'record',
        fields: {
          seconds: {
            shape: seconds,
            description: 'Seconds until bhyveload is asked to end; 0 is no limit',
            examples: [300],
            default: defaults.loaderTimeout.seconds,
          },
          killSeconds: {
            shape: seconds,
            description: 'Further seconds until it is killed; 0 never kills it',
            examples: [15],
            default: defaults.loaderTimeout.killSeconds,
          },
        },
      },
      description: 'How long bhyveload may take',
      examples: [{ seconds: 60, killSeconds: 5 }],
    },
    networks: {
      shape: { kind: 'map', key: libvirtName, value: bridgeName, example: 'bridge0' },
      description: 'The bridge of each libvirt network, by the name of the network',
      examples: [{ default: 'bridge0' }],
    },
    pools: {
      shape: {
        kind: 'map',
        key: libvirtName,
        example: { type: 'zfs', dataset: 'zroot/vm' },
        value: {
          kind: 'variants',
          description: 'One storage pool: a directory, or a ZFS dataset',
          examples: [
            { type: 'zfs', dataset: 'zroot/vm' },
            { type: 'dir', path: '/vm' },
          ],
          variants: {
            dir: {
              kind: 'record',
              fields: {
                path: {
                  shape: path,
                  required: true,
                  description: 'The directory of the volumes',
                  examples: ['/vm'],
                },
              },
            },
            zfs: {
              kind: 'record',
              fields: {
                dataset: {
                  shape: dataset,
                  required: true,
                  description: 'The dataset of the volumes, which are /dev/zvol/DATASET/VOLUME',
                  examples: ['zroot/vm'],
                },
              },
            },
          },
        },
      },
      description: 'The storage pools of libvirt, by name',
      examples: [{ vms: { type: 'zfs', dataset: 'zroot/vm' } }],
    },
    bridges: {
      shape: { kind: 'list', item: bridgeName },
      description: 'The bridges of the host. Without the key every bridge is taken for present',
      examples: [['bridge0', 'vm-office']],
    },
    memoryMib: {
      shape: { kind: 'integer', first: 1, last: 1_073_741_824 },
      description: 'Memory in MiB that guests can have together. Without the key nothing is summed up',
      examples: [65536],
    },
    cpus: {
      shape: { kind: 'integer', first: 1, last: 65536 },
      description: 'Processors of the host (hw.ncpu). Without the key vCPUs are not summed up',
      examples: [16],
    },
    vncPorts: {
      shape: {
        kind: 'record',
        fields: {
          first: { shape: port, description: 'The lowest port', examples: [5900], default: defaults.vncPorts.first },
          last: { shape: port, description: 'The highest port', examples: [5999], default: defaults.vncPorts.last },
        },
      },
      description: 'TCP ports for VNC servers without a port of their own, both ends included',
      examples: [{ first: 5900, last: 5999 }],
    },
  },
};

function name(pattern: string, words: Pick<TextShape, 'expected' | 'rule'>): TextShape {
  return { kind: 'text', is: 'name', pattern, ...words };
}
