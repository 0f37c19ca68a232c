/** `bhyvec list`: which domains there are, and in which state. */
import type { GuestView } from '../../control/vocabulary.ts';
import { states } from '../../control/vocabulary.ts';
import { printable } from '../../diagnostics/printable.ts';
import { exitStatus, UsageError, type ExitStatus, type Terminal } from '../../system/terminal.ts';
import { printJson, withSession, type DomainFlags } from './session.ts';
import { renderTable } from './table.ts';

/** Options of `bhyvec list`. */
export interface ListFlags extends DomainFlags {
  readonly all?: boolean;
  readonly inactive?: boolean;
  /** Only those that are started with the host. */
  readonly autostart?: boolean;
  readonly name?: boolean;
  readonly uuid?: boolean;
  readonly id?: boolean;
  readonly title?: boolean;
}

function isWanted(view: GuestView, flags: ListFlags): boolean {
  if (flags.autostart === true && !view.autostart) return false;
  const isActive = states[view.state];
  return flags.all === true || (flags.inactive === true ? !isActive : isActive);
}

/** Running domains by their id, the others after them by name, as virsh sorts them. */
function inOrder(views: readonly GuestView[]): readonly GuestView[] {
  const rank = ({ id }: GuestView): number => id ?? Number.MAX_SAFE_INTEGER;
  return views.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

function tableOf(views: readonly GuestView[], withTitle: boolean): string {
  const rows = views.map(({ id, name, state, title }) => {
    const row = [id === null ? '-' : String(id), name, state];
    return withTitle ? [...row, title ?? ''] : row;
  });
  return renderTable(['Id', 'Name', 'State', ...(withTitle ? ['Title'] : [])], rows);
}

/** Runs `bhyvec list`. */
export async function runList(flags: ListFlags, terminal: Terminal): Promise<ExitStatus> {
  const { name = false, uuid = false, id = false } = flags;
  const columns = [name, uuid, id].filter(Boolean).length;
  if (columns > 0 && flags.title === true)
    throw new UsageError('--title is for the table; leave out --name, --uuid, --id');
  return await withSession(flags, terminal, async ({ client, isJson }) => {
    const { domains } = await client.call('domain.list', {});
    const wanted = inOrder(domains.filter((view) => isWanted(view, flags)));
    if (isJson) await printJson(terminal, { domains: wanted });
    else if (columns === 0) await terminal.out(tableOf(wanted, flags.title ?? false));
    else {
      const line = (view: GuestView): string => {
        const idText = view.id === null ? '-' : String(view.id);
        return [id ? idText : null, uuid ? view.uuid : null, name ? view.name : null]
          .filter((text) => text !== null)
          .join(' ');
      };
      await terminal.out(wanted.map((view) => `${printable(line(view))}\n`).join(''));
    }
    return exitStatus.done;
  });
}
