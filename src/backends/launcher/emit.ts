/** The launcher: a script for FreeBSD's /bin/sh that runs the guest with nothing but the base system. */
import main from '../../../templates/launcher.sh.hbs';
import checks from '../../../templates/partials/checks.sh.hbs';
import guest from '../../../templates/partials/guest.sh.hbs';
import hooks from '../../../templates/partials/hooks.sh.hbs';
import journal from '../../../templates/partials/journal.sh.hbs';
import lock from '../../../templates/partials/lock.sh.hbs';
import messages from '../../../templates/partials/messages.sh.hbs';
import run from '../../../templates/partials/run.sh.hbs';
import shared from '../../../templates/partials/shared.sh.hbs';
import start from '../../../templates/partials/start.sh.hbs';
import stop from '../../../templates/partials/stop.sh.hbs';
import title from '../../../templates/partials/title.sh.hbs';
import verbs from '../../../templates/partials/verbs.sh.hbs';
import { limits, programFolders, quickRuns } from '../../ir/host.ts';
import { holdsSecret } from '../../ir/words.ts';
import type { Backend } from '../backend.ts';
import { template } from '../text/engine.ts';
import { kindsText } from './kinds.ts';
import { launcherView, type LauncherView } from './view.ts';

const partials = { checks, guest, hooks, journal, lock, messages, run, shared, start, stop, title, verbs };
/** What is the same on all hosts. */
const hostView = {
  programFolders: programFolders.join(':'),
  seconds: limits,
  quickRuns,
};

const render = template<LauncherView & typeof hostView>(main, partials, { steps: ({ kinds }) => kindsText(kinds) });

export const launcher: Backend = {
  name: 'launcher',
  summary: 'sh script that runs the guest: launch',
  emit(plan) {
    const secret = plan.bhyve.words.some(holdsSecret);
    return [
      { path: 'launch', mode: secret ? 0o700 : 0o755, text: render({ ...hostView, ...launcherView(plan) }), secret },
    ];
  },
};
