/** Com ports: the XML numbers every port by the time it gets here. Reports: BV0706. */
import type { Allocator } from './allocator.ts';

export const allocateCom: Allocator<'com'> = (needs, _machine, { reporter }) => {
  const grants = new Map<string, number>();
  const taken = new Map<number, (typeof needs)[number]>();
  for (const need of needs) {
    const port = need.wanted ?? taken.size + 1;
    const other = taken.get(port);
    if (other !== undefined) {
      const notes = [{ span: other.at, text: 'the other port' }];
      reporter.report('BV0706', need.at, { port: port - 1, com: port }, { notes });
    }
    taken.set(port, need);
    grants.set(need.id, port);
  }
  return grants;
};
