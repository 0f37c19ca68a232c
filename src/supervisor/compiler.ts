/** The compiler as the supervisor's runtime wants it: from a domain XML to a definition and the files of a turn. */
import { createHash } from 'node:crypto';
import type { DefinitionFacts } from './machine/state.ts';
import { shareOf } from './observe/domstats.ts';
import type { Compiler } from './compiler-contract.ts';
import { toJson } from '../diagnostics/json.ts';
import type { NamedFiles } from '../diagnostics/source.ts';
import { createReporter, inSourceOrder } from '../diagnostics/reporter.ts';
import { emitRunFiles } from '../backends/emit.ts';
import { checkGuests, compile } from '../compile/compile.ts';
import type { Compilation, CompileOptions } from '../compile/stages.ts';
import { parseXml } from '../frontend/xml/parse.ts';
import { childElements, textOf, type XmlElement } from '../frontend/xml/tree.ts';
import type { Plan } from '../ir/plan.ts';
import { withoutSecrets } from './secrets.ts';

/** The title that people gave the domain. */
function titleOf(root: XmlElement | null): string | null {
  const element = root === null ? undefined : childElements(root).find(({ name }) => name.local === 'title');
  const title = element === undefined ? '' : textOf(element).trim();
  return title === '' ? null : title;
}

function factsOf(plan: Plan, { stages }: Compilation): DefinitionFacts {
  const nvram = plan.steps.find((step) => step.kind === 'nvram');
  return {
    uuid: stages.complete?.uuid ?? '',
    title: titleOf(stages.parse),
    memoryMib: plan.demand.memoryMib,
    vcpus: plan.demand.vcpus,
    startAfter: plan.startAfter.map(({ value }) => value),
    onPoweroff: plan.onPoweroff,
    onReboot: plan.onReboot,
    onCrash: plan.onCrash,
    nvram: nvram?.kind === 'nvram' ? nvram.path : null,
  };
}

/**
 * The compiler with the options of a command line.
 * @param readFiles the bytes of the files that an XML names
 */
export function compilerWith(
  options: CompileOptions,
  readFiles: (xml: string) => NamedFiles = () => new Map(),
): Compiler {
  return {
    compile(xml, name) {
      const compilation = compile({ name, text: xml, files: readFiles(xml) }, options);
      const { plan } = compilation;
      // What stands in the way of a folder of its own: the rules for one guest of a build.
      const more = plan === null ? [] : checkGuests([{ ...plan, startAfter: [] }], options);
      const all = inSourceOrder([...compilation.diagnostics, ...more]);
      const diagnostics = all.map((diagnostic) => ({ ...toJson(diagnostic) }));
      const error = all.find(({ severity }) => severity === 'error');
      if (plan === null || error !== undefined) {
        const place = diagnostics.find(({ severity }) => severity === 'error');
        const where = place === undefined ? name : `${place.file}:${String(place.line)}:${String(place.column)}`;
        const message = `${where}: ${error === undefined ? 'it does not compile' : `${error.message} (${error.code})`}`;
        return { ok: false, message, diagnostics };
      }
      return {
        ok: true,
        guest: plan.vmname,
        definition: {
          revision: createHash('sha256').update(xml).digest('hex').slice(0, 16),
          xml,
          facts: factsOf(plan, compilation),
        },
        artefacts: emitRunFiles(plan),
        consoles: plan.consoles,
        share: shareOf(plan),
        diagnostics,
      };
    },
    withoutSecrets: (xml) =>
      withoutSecrets(xml, parseXml({ name: 'domain.xml', text: xml }, createReporter({ strict: false }))),
  };
}
