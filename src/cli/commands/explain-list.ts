/** `bhyvec explain --list`: all diagnostics, by the stage that reports them, and the codes that are retired. */
import { catalogue, codes } from '../../diagnostics/catalogue/index.ts';
import { retired } from '../../diagnostics/catalogue/retired.ts';
import { stageOf, stageOrder, stages } from '../../diagnostics/catalogue/stages.ts';
import { jsonLine } from '../../diagnostics/json.ts';
import type { Entry } from '../../diagnostics/message.ts';
import { exitStatus, type ExitStatus, type Terminal } from '../../system/terminal.ts';

/** The message of an entry with the names of its parameters in capitals where their values will stand. */
function messageOf({ message }: Entry): string {
  return message.format(Object.fromEntries(message.parameters.map((name) => [name, name.toUpperCase()])));
}

const sorted = codes().toSorted();

async function listText(terminal: Terminal): Promise<void> {
  const { bold } = terminal.outPalette;
  for (const stage of stageOrder) {
    await terminal.out(`${bold(`Stage ${String(stage)}: ${stages[stage]}`)}\n`);
    for (const code of sorted.filter((one) => stageOf(one) === stage)) {
      const { severity, name } = catalogue()[code];
      await terminal.out(`  ${code} ${severity.padEnd(7)} ${name}: ${messageOf(catalogue()[code])}\n`);
    }
    await terminal.out('\n');
  }
  await terminal.out(`${bold('Retired')}\n`);
  for (const [code, { name, since, instead }] of Object.entries(retired))
    await terminal.out(`  ${code} ${name}: not reported since ${since}. ${instead}\n`);
}

async function listJson(terminal: Terminal): Promise<void> {
  for (const code of sorted) {
    const { name, severity } = catalogue()[code];
    const message = messageOf(catalogue()[code]);
    await terminal.out(`${jsonLine({ code, name, severity, stage: stageOf(code), message, retired: null })}\n`);
  }
  for (const [code, { name, since, instead }] of Object.entries(retired)) {
    const line = { code, name, severity: null, stage: stageOf(code), message: instead, retired: since };
    await terminal.out(`${jsonLine(line)}\n`);
  }
}

/** Prints the index, for people or a JSON object a line. */
export async function listDiagnostics(format: 'text' | 'json', terminal: Terminal): Promise<ExitStatus> {
  await (format === 'json' ? listJson(terminal) : listText(terminal));
  return exitStatus.done;
}
