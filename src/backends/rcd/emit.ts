/** The rc.d script: a service for rc(8) that supervises the launcher by daemon(8). */
import rcSettings from '../../../templates/partials/rc-settings.sh.hbs';
import main from '../../../templates/rc.d.hbs';
import type { Backend } from '../backend.ts';
import { template } from '../text/engine.ts';
import { rcName } from '../../ir/names.ts';
import { rcdView } from './view.ts';

const render = template(main, { 'rc-settings': rcSettings });

export const rcd: Backend = {
  name: 'rcd',
  summary: 'service for rc(8): rc.d/bhyve_NAME',
  emit: (plan) => [{ path: `rc.d/${rcName(plan.vmname)}`, mode: 0o555, text: render(rcdView(plan)), secret: false }],
};
