/** The launcher: a script for FreeBSD's /bin/sh that runs the guest with nothing but the base system. */
import guestLauncher from '../../../templates/guest-launcher.sh.hbs';
import libraryFile from '../../../templates/launcher-library.sh.hbs';
import main from '../../../templates/launcher.sh.hbs';
import checks from '../../../templates/partials/checks.sh.hbs';
import guest from '../../../templates/partials/guest.sh.hbs';
import hooks from '../../../templates/partials/hooks.sh.hbs';
import journal from '../../../templates/partials/journal.sh.hbs';
import library from '../../../templates/partials/library.sh.hbs';
import lock from '../../../templates/partials/lock.sh.hbs';
import messages from '../../../templates/partials/messages.sh.hbs';
import own from '../../../templates/partials/own.sh.hbs';
import run from '../../../templates/partials/run.sh.hbs';
import shared from '../../../templates/partials/shared.sh.hbs';
import start from '../../../templates/partials/start.sh.hbs';
import stop from '../../../templates/partials/stop.sh.hbs';
import title from '../../../templates/partials/title.sh.hbs';
import verbs from '../../../templates/partials/verbs.sh.hbs';
import { limits, programFolders, quickRuns } from '../../ir/host.ts';
import { libraryName } from '../../ir/names.ts';
import { holdsSecret } from '../../ir/words.ts';
import type { Plan } from '../../ir/plan.ts';
import type { Artefact, Backend } from '../backend.ts';
import { template } from '../text/engine.ts';
import { kindsText } from './kinds.ts';
import { launcherView, libraryView, type FunctionsView, type LauncherView } from './view.ts';

const partials = {
  checks,
  guest,
  hooks,
  journal,
  library,
  lock,
  messages,
  own,
  run,
  shared,
  start,
  stop,
  title,
  verbs,
};
/** What is the same on all hosts. */
const hostView = {
  programFolders: programFolders.join(':'),
  seconds: limits,
  quickRuns,
};

const steps = ({ kinds }: FunctionsView): string => kindsText(kinds);
const renderWhole = template<LauncherView & typeof hostView>(main, partials, { steps });
const renderGuest = template<LauncherView & { readonly library: string }>(guestLauncher, { own });
const renderLibrary = template<FunctionsView & typeof hostView>(libraryFile, partials, { steps });

export const launcher: Backend = {
  name: 'launcher',
  summary: 'sh script that runs the guest: launch',
  emit: (plan) => [launch(plan, renderWhole({ ...hostView, ...launcherView(plan) }))],
  share(sha256) {
    const text = renderLibrary({ ...hostView, ...libraryView() });
    const path = libraryName(sha256(text));
    return {
      files: [{ path, mode: 0o644, text, secret: false }],
      emit: (plan) => [launch(plan, renderGuest({ ...launcherView(plan), library: path }))],
    };
  },
};

function launch(plan: Plan, text: string): Artefact {
  const secret = plan.bhyve.words.some(holdsSecret);
  return { path: 'launch', mode: secret ? 0o700 : 0o755, text, secret };
}
