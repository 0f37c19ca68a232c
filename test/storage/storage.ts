/** Pools and volumes for tests: documents that are compiled together, as a command compiles its operands. */
import { emitBuild } from '../../src/backends/emit.ts';
import { checkGuests } from '../../src/compile/compile.ts';
import { lowerBytes } from '../../src/compile/lower.ts';
import { compileHost } from '../../src/compile/place.ts';
import type { CompileOptions } from '../../src/compile/stages.ts';
import { lowerResources, type ReadInput } from '../../src/documents/resources.ts';
import { targetProfile } from '../../src/host/targets.ts';
import type { Plan } from '../../src/ir/plan.ts';
import type { StoragePlans } from '../../src/ir/storage/storage-plan.ts';

/** Documents by file name. */
export type Documents = Readonly<Record<string, string>>;

/** What became of them. */
export interface Made {
  /** `FILE CODE PLACE` of each finding. */
  readonly findings: readonly string[];
  readonly plans: readonly Plan[];
  readonly storage: StoragePlans;
}

/** Compiles documents of one host. */
export function made(documents: Documents, target = 'freebsd-15.1', given: Partial<CompileOptions> = {}): Made {
  const host = targetProfile(target, given.dialect ?? 'bhyvec');
  if (host === null) throw new Error(`there is no target ${target}`);
  const options: CompileOptions = { host, dialect: 'bhyvec', schema: 'error', strict: false, ...given };
  const inputs = Object.entries(documents).map(([name, text]): ReadInput => {
    return { input: { name, path: name }, bytes: new TextEncoder().encode(text) };
  });
  const { lowerings, known } = lowerResources(inputs, options);
  const lowered = inputs.map(
    (one) => lowerings.get(one) ?? lowerBytes(one.input.name, one.bytes, { ...options, ...known }),
  );
  const { compilations } = compileHost(lowered, { ...options, ...known });
  const plans = compilations.flatMap(({ plan }) => plan ?? []);
  const storage = {
    pools: compilations.flatMap(({ pool }) => pool?.plan ?? []),
    volumes: compilations.flatMap(({ volume }) => volume?.plan ?? []),
  };
  const all = [...compilations.flatMap(({ diagnostics }) => diagnostics), ...checkGuests(plans, options, [], storage)];
  const findings = all.map(({ code, span }) => {
    return `${span.source.name} ${code} ${span.source.text.slice(span.start, span.end)}`;
  });
  return { findings, plans, storage };
}

/** The script that a build of the documents has; the documents have no mistake. */
export function scriptOf(documents: Documents): string {
  const { findings, plans, storage } = made(documents);
  if (findings.length > 0) throw new Error(findings.join('\n'));
  const files = emitBuild(plans, () => '0'.repeat(64), undefined, [], storage);
  return files.find(({ path }) => path === 'create-volumes')?.text ?? '';
}

/** A pool of zvols. */
export function zfs(name: string, dataset: string, more = ''): string {
  return `<pool type='zfs'><name>${name}</name>${more}<source><name>${dataset}</name></source></pool>`;
}

/** A pool of files. */
export function directory(name: string, path: string, more = ''): string {
  return `<pool type='dir'><name>${name}</name>${more}<target><path>${path}</path></target></pool>`;
}

/** A volume of a pool. */
export function volume(name: string, pool: string, more = '', mib = 64): string {
  return `<volume><name>${name}</name><capacity unit='MiB'>${String(mib)}</capacity>${more}
    <pool xmlns='https://bhyvec.org/xmlns/volume/1.0' name='${pool}'/></volume>`;
}

/** A guest with these `<disk>`s. */
export function guest(name: string, ...disks: readonly string[]): string {
  return `<domain type='bhyve'><name>${name}</name><memory unit='GiB'>1</memory><vcpu>1</vcpu>
    <os firmware='efi'><type>hvm</type></os><devices>${disks.join('\n')}</devices></domain>`;
}

/** A disk that is a volume. */
export function onVolume(pool: string, name: string, target = 'vda'): string {
  return `<disk type='volume' device='disk'><source pool='${pool}' volume='${name}'/><target dev='${target}' bus='virtio'/></disk>`;
}
