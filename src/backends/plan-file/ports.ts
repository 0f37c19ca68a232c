/** TCP ports of a plan file: what the words of bhyve leave open is what the steps choose. */
import type { Plan } from '../../ir/plan.ts';
import type { Word } from '../../ir/words.ts';
import { ShapeFault } from '../../text/fields.ts';

/** Throws a {@link ShapeFault} where a word has a port that no step chooses, or a step chooses one that no word has. */
export function checkPorts({ steps, bhyve, loader }: Plan): void {
  const loaders = loader === null ? [] : [loader.program, ...loader.words];
  const early = [bhyve.program, ...loaders].flatMap(portsIn)[0];
  if (early !== undefined) throw new ShapeFault(`the port of ${early} stands in another word than one of bhyve`);
  const chosen = new Set(
    steps.flatMap((step) => (step.kind === 'port' && step.automatic ? [nameOf(step.address, step.port)] : [])),
  );
  const used = new Set(bhyve.words.flatMap(portsIn));
  const [open] = [...used].filter((name) => !chosen.has(name));
  if (open !== undefined) throw new ShapeFault('a word of bhyve has an automatic port that no step chooses');
  if ([...chosen].some((name) => !used.has(name)))
    throw new ShapeFault('a step chooses an automatic port that no word of bhyve has');
}

function portsIn({ pieces }: Word): readonly string[] {
  return pieces.flatMap((piece) => (piece.kind === 'port' ? [nameOf(piece.address, piece.port)] : []));
}

function nameOf(address: string, port: number): string {
  return `${String(port)} ${address}`;
}
