/** The functions of the launcher that each kind of step has: a partial a kind, in the order of a run. */
import clone from '../../../templates/partials/clone.sh.hbs';
import unclone from '../../../templates/partials/unclone.sh.hbs';
import bridgePort from '../../../templates/steps/bridge-port.sh.hbs';
import bridge from '../../../templates/steps/bridge.sh.hbs';
import deviceMap from '../../../templates/steps/device-map.sh.hbs';
import directory from '../../../templates/steps/directory.sh.hbs';
import file from '../../../templates/steps/file.sh.hbs';
import grubConfig from '../../../templates/steps/grub-config.sh.hbs';
import kernelModule from '../../../templates/steps/kernel-module.sh.hbs';
import nmdm from '../../../templates/steps/nmdm.sh.hbs';
import nvram from '../../../templates/steps/nvram.sh.hbs';
import ownTap from '../../../templates/steps/own-tap.sh.hbs';
import port from '../../../templates/steps/port.sh.hbs';
import ppt from '../../../templates/steps/ppt.sh.hbs';
import racct from '../../../templates/steps/racct.sh.hbs';
import secrets from '../../../templates/steps/secrets.sh.hbs';
import seed from '../../../templates/steps/seed.sh.hbs';
import socket from '../../../templates/steps/socket.sh.hbs';
import swtpm from '../../../templates/steps/swtpm.sh.hbs';
import switchPort from '../../../templates/steps/switch-port.sh.hbs';
import tap from '../../../templates/steps/tap.sh.hbs';
import vcpus from '../../../templates/steps/vcpus.sh.hbs';
import { stepKinds, type StepKind } from '../../ir/steps/index.ts';
import { template } from '../text/engine.ts';
import type { KindView } from './view.ts';

const partials: { readonly [K in StepKind]: TemplateSpecification } = {
  module: kernelModule,
  vcpus,
  racct,
  file,
  directory,
  nvram,
  ppt,
  bridge,
  tap,
  'bridge-port': bridgePort,
  'own-tap': ownTap,
  'switch-port': switchPort,
  port,
  nmdm,
  'device-map': deviceMap,
  'grub-config': grubConfig,
  secrets,
  seed,
  socket,
  swtpm,
};

const renders = stepKinds.map((kind) => [kind, template<KindView>(partials[kind], { clone, unclone })] as const);

/** The functions of all kinds; a guest that has none of a kind still can unmake what an older build has made. */
export function kindsText(views: Readonly<Record<StepKind, KindView>>): string {
  return renders.map(([kind, render]) => render(views[kind])).join('');
}
