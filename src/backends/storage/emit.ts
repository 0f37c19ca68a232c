/** The script of a build that makes its volumes. */
import main from '../../../templates/create-volumes.sh.hbs';
import { programFolders } from '../../ir/host.ts';
import { volumesScript } from '../../ir/names.ts';
import { datasetOfVolume, modeOf, ownerOf, zfsCreateWords } from '../../ir/storage/making.ts';
import type { VolumePlan } from '../../ir/storage/storage-plan.ts';
import type { Artefact } from '../backend.ts';
import { template } from '../text/engine.ts';

const script = template(main);

/** The script, beside the folders of the guests; none where there are no volumes. */
export function emitVolumes(volumes: readonly VolumePlan[]): readonly Artefact[] {
  const [first] = volumes;
  if (first === undefined) return [];
  const view = {
    target: first.host.name,
    programFolders: programFolders.join(':'),
    calls: inOrder(volumes).map(callOf),
  };
  return [{ path: volumesScript, mode: 0o755, text: script(view), secret: false }];
}

/** The order does not depend on that of the documents. */
function inOrder(volumes: readonly VolumePlan[]): readonly VolumePlan[] {
  return volumes.toSorted(({ path: a }, { path: b }) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The words of the function that makes it. */
function callOf(plan: VolumePlan): readonly string[] {
  const { name, pool, path, capacity, isMade } = plan;
  if (!isMade) return ['image', pool.name, name, path];
  if (pool.type === 'zfs') {
    return ['zvol', pool.name, name, datasetOfVolume(plan), String(capacity), ...zfsCreateWords(plan)];
  }
  return ['file', pool.name, name, path, String(capacity), modeOf(plan), ownerOf(plan) ?? ''];
}
