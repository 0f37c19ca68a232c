/** "A new difference to libvirt": one source of random numbers there, several here. */
import { behind, typeError, type Recipe } from './recipe.ts';

const row = `  'several-frobs': {
    libvirt: 'one source of random numbers',
    bhyvec: 'several',
    reason: 'bhyve has them',
    effect: 'the guest finds all of them',
  },`;

const golden = `<!--
title:  two sources of random numbers
why:    the recipe of CONTRIBUTING for a new difference
dialect:both
row:    several-frobs
must:   argv has -s 3:0,virtio-rnd
-->
<domain type='bhyve'>
  <name>dice2</name>
  <memory unit='MiB'>512</memory>
  <os firmware='efi'>
    <type>hvm</type>
  </os>
  <devices>
    <rng model='virtio'><backend model='random'/></rng>
    <rng model='virtio'><backend model='random'/></rng> <!--~ libvirt: BV0577 -->
  </devices>
</domain>
`;

export const difference: Recipe = {
  title: 'A new difference to libvirt',
  edits: [
    ...behind('src/dialect/rows/devices.ts', ['export const devices = {', row]),
    ...behind('src/passes/lower/rng.ts', [
      'const { model, backend, device, address, at } = rng;',
      "  if (owner === 'rng 1' && !dialect.ours('several-frobs')) reporter.report('BV0577', model.at, { model: 'second' });",
    ]),
    { file: 'test/golden/dialect/two-rngs/domain.xml', text: golden },
  ],
  made: [
    'docs/dialects.md',
    ...['argv', 'diagnostics.libvirt.txt'].map((name) => `test/golden/dialect/two-rngs/expected/${name}`),
  ],
  red: [
    {
      without: ['src/dialect/rows/devices.ts'],
      by: 'types',
      says: typeError('src/passes/lower/rng.ts', '"several-frobs"'),
    },
    {
      without: ['test/golden/dialect/two-rngs/domain.xml'],
      by: 'test/golden/coverage.test.ts',
      says: /several-frobs/,
    },
    { without: ['src/passes/lower/rng.ts'], by: 'test/golden/coverage.test.ts', says: /several-frobs/ },
  ],
  green: ['test/golden', 'src/dialect'],
};
