/** "A new step on the host": a guest of a certain name needs a frob. */
import { behind, typeError, type Recipe } from './recipe.ts';

const contract = `/** A frob that has to be there. */
import { noLauncherPart, noRehearsalPart, type StepContract, type StepNode } from './define.ts';

export interface FrobStep extends StepNode<'frob'> {
  readonly path: string;
}

export const frob: StepContract<FrobStep> = {
  kind: 'frob',
  claims: ({ path }) => [{ what: \`frob \${path}\`, exclusive: true }],
  takes: ({ path }) => ({ files: [{ path, purpose: 'disk', access: 'read' }] }),
  shown: ({ path }) => ({ look: \`look for the frob \${path}\` }),
  launcher: { ...noLauncherPart, look: ({ path }) => [['check_frob', path]] },
  rehearsal: noRehearsalPart,
};
`;

const partial = `{{#if present}}
# check_frob PATH
check_frob() {
  [ -e "$root$1" ] || miss 6 no-frob "the frob $1 is not there: kldload frob"
}

{{/if}}
`;

const golden = `<!--
title:  a frob that has to be there
why:    the recipe of CONTRIBUTING for a new step on the host
show:   launch
must:   launch has check_frob
-->
<domain type='bhyve'>
  <name>frobbed</name>
  <memory unit='MiB'>512</memory>
  <os firmware='efi'>
    <type>hvm</type>
  </os>
</domain>
`;

export const step: Recipe = {
  title: 'A new step on the host',
  edits: [
    { file: 'src/ir/steps/frob.ts', text: contract },
    ...behind(
      'src/ir/steps/index.ts',
      ["import { file } from './file.ts';", "import { frob } from './frob.ts';"],
      ['  directory,', '  frob,'],
    ),
    ...behind('src/backends/plan-file/step-shapes.ts', [
      "racct: step('racct', 'resource limits need kern.racct.enable=1', {}),",
      "  frob: step('frob', 'a frob that has to be there', { path: hostPath('absolute path') }),",
    ]),
    { file: 'templates/steps/frob.sh.hbs', text: partial },
    ...behind(
      'src/backends/launcher/kinds.ts',
      [
        "import file from '../../../templates/steps/file.sh.hbs';",
        "import frob from '../../../templates/steps/frob.sh.hbs';",
      ],
      ['  directory,', '  frob,'],
    ),
    ...behind('src/passes/plan/steps.ts', [
      '    ...ofDevices,',
      "    ...(machine.name.value === 'frobbed' ? [{ kind: 'frob', path: '/dev/frob', origins, at } as const] : []),",
    ]),
    { file: 'test/golden/lifecycle/frob/domain.xml', text: golden },
  ],
  made: [
    'schemas/plan.schema.json',
    ...['argv', 'launch'].map((name) => `test/golden/lifecycle/frob/expected/${name}`),
  ],
  red: [
    {
      without: ['src/backends/plan-file/step-shapes.ts'],
      by: 'types',
      says: typeError('src/backends/plan-file/step-shapes.ts', 'frob'),
    },
    {
      without: ['src/backends/launcher/kinds.ts'],
      by: 'types',
      says: typeError('src/backends/launcher/kinds.ts', 'frob'),
    },
    {
      without: ['test/golden/lifecycle/frob/domain.xml'],
      by: 'test/golden/launchers.test.ts',
      says: /frob\.sh\.hbs/,
    },
  ],
  green: ['test/golden', 'test/house/templates.test.ts', 'test/schemas', 'test/build/schemas.test.ts'],
};
