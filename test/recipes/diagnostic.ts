/** "A new diagnostic": a guest has at most three sources of random numbers. */
import { behind, typeError, type Recipe } from './recipe.ts';

const entry = `  BV1574: entry({
    name: 'too-many-frobs',
    severity: 'error',
    message: message\`a guest has at most \${'most'} sources of random numbers\`,
    help: message\`remove this <rng>\`,
  }),`;

function documentOf(rngs: number, mark = ''): string {
  const rng = "    <rng model='virtio'><backend model='random'/></rng>";
  return `<domain type='bhyve'>
  <name>dice4</name>
  <memory unit='MiB'>512</memory>
  <os firmware='efi'><type>hvm</type></os>
  <devices>
${Array.from({ length: rngs }, (_, i) => (i === 3 ? `${rng}${mark}` : rng)).join('\n')}
  </devices>
</domain>
`;
}

const page = `# BV1574 too-many-frobs

## What it means

The guest has a fourth source of random numbers.

## Why

Three are enough for everybody.

## A document that fails

\`\`\`xml
${documentOf(4)}\`\`\`

## A document that works

\`\`\`xml
${documentOf(3)}\`\`\`

## Where to read more

- bhyve(8), "virtio-rnd"
`;

const golden = `<!--
title:  four sources of random numbers
why:    the recipe of CONTRIBUTING for a new diagnostic
must:   diagnostics.txt has error BV1574
-->
${documentOf(4, ' <!--~ BV1574 -->')}`;

export const diagnostic: Recipe = {
  title: 'A new diagnostic',
  edits: [
    ...behind('src/diagnostics/catalogue/bv15-tpm.ts', ['export const tpm = () => ({', entry]),
    { file: 'src/diagnostics/explain/BV1574.md', text: page },
    ...behind('src/passes/lower/rng.ts', [
      'const { model, backend, device, address, at } = rng;',
      "  if (owner === 'rng 3') reporter.report('BV1574', at, { most: 3 });",
    ]),
    { file: 'test/golden/diagnostics/devices/four-rngs/domain.xml', text: golden },
  ],
  made: ['test/golden/diagnostics/devices/four-rngs/expected/diagnostics.txt'],
  red: [
    {
      without: ['src/diagnostics/catalogue/bv15-tpm.ts'],
      by: 'types',
      says: typeError('src/passes/lower/rng.ts', '"BV1574"'),
    },
    { without: ['src/diagnostics/explain/BV1574.md'], by: 'test/house/pages.test.ts', says: /BV1574/ },
    {
      without: ['test/golden/diagnostics/devices/four-rngs/domain.xml'],
      by: 'test/golden/coverage.test.ts',
      says: /BV1574/,
    },
  ],
  green: ['test/golden', 'test/house/catalogue.test.ts', 'test/house/pages.test.ts'],
};
