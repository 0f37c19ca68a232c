/**
 * Rules across the pools and volumes of one host. Needs: their plans. Gives: no two of them have one name or place, and what is
 * reserved fits. Reports: BV0930 to BV0934.
 */
import type { Reporter } from '../../diagnostics/reporter.ts';
import { foldedPath } from '../../ir/host-files.ts';
import { poolFolder, type PoolPlan, type VolumePlan } from '../../ir/storage/storage-plan.ts';

/** Checks the pools and volumes of one build against each other. */
export function checkStorage(pools: readonly PoolPlan[], volumes: readonly VolumePlan[], reporter: Reporter): void {
  pools.forEach((pool, i) => {
    const others = pools.slice(0, i);
    checkIdentity(pool, others, reporter);
    checkPlace(pool, others, reporter);
    checkRoom(pool, volumes, reporter);
  });
  const seen = new Map<string, VolumePlan>();
  for (const volume of volumes) {
    const path = foldedPath(volume.path);
    const other = seen.get(path);
    seen.set(path, other ?? volume);
    if (other === undefined) continue;
    const notes = [{ span: other.origins[0], text: 'the other volume' }];
    reporter.report('BV0933', volume.origins[0], { path: volume.path }, { notes });
  }
}

function checkIdentity(pool: PoolPlan, others: readonly PoolPlan[], reporter: Reporter): void {
  const namesake = others.find(({ name }) => name === pool.name);
  const twin = others.find(({ uuid }) => uuid !== null && uuid === pool.uuid);
  const other = namesake ?? twin;
  if (other === undefined) return;
  const [what, value] = namesake === undefined ? ['UUID', pool.uuid ?? ''] : ['name', pool.name];
  reporter.report('BV0930', pool.origins[0], { what, value }, { notes: [noteOf(other)] });
}

function checkPlace(pool: PoolPlan, others: readonly PoolPlan[], reporter: Reporter): void {
  const own = foldedPath(poolFolder(pool));
  for (const other of others) {
    const taken = foldedPath(poolFolder(other));
    const notes = [noteOf(other)];
    const names = { name: pool.name, other: other.name };
    if (other.name === pool.name) continue;
    if (taken === own) reporter.report('BV0931', pool.targetAt, { ...names, place: own }, { notes });
    else if (own.startsWith(`${taken}/`)) reporter.report('BV0932', pool.targetAt, { ...names, inner: own }, { notes });
    else if (taken.startsWith(`${own}/`)) {
      const turned = { name: other.name, other: pool.name, inner: taken };
      reporter.report('BV0932', pool.targetAt, turned, { notes });
    } else continue;
    return;
  }
}

function noteOf({ name, origins }: PoolPlan): { readonly span: PoolPlan['targetAt']; readonly text: string } {
  return { span: origins[0], text: `the pool '${name}' stands here` };
}

/** Reserved space is what the pool has, whatever else is in it; the others are as large as what is written. */
function checkRoom({ name, capacity, origins }: PoolPlan, volumes: readonly VolumePlan[], reporter: Reporter): void {
  if (capacity === null || capacity === 0n) return;
  const reserved = volumes.reduce((sum, { pool, reserved: own }) => (pool.name === name ? sum + own : sum), 0n);
  if (reserved <= capacity) return;
  const values = { pool: name, reserved: String(reserved), capacity: String(capacity) };
  reporter.report('BV0934', origins[0], values);
}
