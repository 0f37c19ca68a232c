/** The rc.d script of the supervisor: `service bhyvecd start`. */
import rcSettings from '../../../templates/partials/rc-settings.sh.hbs';
import main from '../../../templates/supervisor.rc.d.hbs';
import { programFolders } from '../../ir/host.ts';
import { template } from '../text/engine.ts';

const render = template(main, { 'rc-settings': rcSettings });

/** What varies. */
export interface SupervisorScript {
  readonly stopLimit: number;
  /** Further options of `bhyvec supervise`, as words of sh. */
  readonly flags: readonly string[];
}

/** The script, for /usr/local/etc/rc.d/bhyvecd. */
export function supervisorScript({ stopLimit, flags }: SupervisorScript): string {
  const defaults = [
    { variable: 'bhyvecd_enable', value: 'NO' },
    { variable: 'bhyvecd_flags', value: flags.join(' ') },
    { variable: 'bhyvecd_program', value: '/usr/local/bin/bhyvec' },
    { variable: 'bhyvecd_stop_limit', value: String(stopLimit) },
  ];
  return render({ defaults, programFolders: programFolders.join(':') });
}
