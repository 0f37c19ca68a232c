/** Options of the block backends, common to virtio-blk, ahci and nvme: bhyve(8), "Block storage device backends". */
import type { Capability } from '../../host/capabilities.ts';
import type { HostStep } from '../plan.ts';
import type { Located, Origins } from '../../diagnostics/source.ts';
import { flag, named, type Conf } from '../settings.ts';

/** What a disk's backend is told. */
export interface BlockOptions {
  readonly nocache: boolean;
  readonly direct: boolean;
  readonly readonly: boolean;
  /** Several guests are to write to it. bhyve is not told; it locks nothing. */
  readonly shareable: boolean;
  /** Logical and physical sector size in bytes; null is that of the file. */
  readonly sectorSize: { readonly logical: number; readonly physical: number | null } | null;
  readonly nodelete: boolean;
  /** Place in the firmware's boot order. */
  readonly bootindex: number | null;
}

/** A backend that is told nothing. */
export const noBlockOptions: BlockOptions = {
  nocache: false,
  direct: false,
  readonly: false,
  shareable: false,
  sectorSize: null,
  nodelete: false,
  bootindex: null,
};

/** The options as parts of a device's configuration, bootindex last. */
export function blockConfs(options: BlockOptions): readonly Conf[] {
  const { sectorSize, bootindex } = options;
  const sizes = sectorSize === null ? [] : [sectorSize.logical, sectorSize.physical].filter((size) => size !== null);
  return [
    ...(options.nocache ? [flag('nocache')] : []),
    ...(options.direct ? [flag('direct')] : []),
    ...(options.readonly ? [flag('ro')] : []),
    ...(sizes.length > 0 ? [named('sectorsize', sizes.join('/'))] : []),
    ...(options.nodelete ? [flag('nodelete')] : []),
    ...(bootindex === null ? [] : [named('bootindex', bootindex)]),
  ];
}

/** What the host must be able to do for the options. */
export function blockRequires(options: BlockOptions): readonly Capability[] {
  return [
    ...(options.sectorSize === null ? [] : (['block-sectorsize'] as const)),
    ...(options.nodelete ? (['block-nodelete'] as const) : []),
    ...(options.bootindex === null ? [] : (['bootindex'] as const)),
  ];
}

/** The file or device of a disk must be there before bhyve opens it. */
export function diskFile(
  { value: path, at }: Located<string>,
  purpose: 'disk' | 'cdrom',
  { readonly: ro, shareable }: BlockOptions,
  origins: Origins,
): HostStep {
  const access = ro || purpose === 'cdrom' ? 'read' : 'write';
  return { kind: 'file', path, purpose, access, ...(shareable ? { shareable } : {}), origins, at };
}
