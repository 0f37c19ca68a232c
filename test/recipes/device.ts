/** "A new device": bhyve gets `-s N,frob,path=PATH`, and libvirt writes it as `<frob>`. */
import { behind, typeError, type Recipe } from './recipe.ts';

const grammar = `<?xml version="1.0" encoding="UTF-8"?>
<grammar xmlns="http://relaxng.org/ns/structure/1.0"
    xmlns:a="http://relaxng.org/ns/compatibility/annotations/1.0"
    xmlns:b="https://bhyvec.org/xmlns/grammar/1.0"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <a:documentation>Frobs.</a:documentation>

  <define name="frob">
    <element name="frob">
      <a:documentation>A frob of the host: frob of bhyve.</a:documentation>
      <b:degree>used</b:degree>
      <attribute name="path">
        <a:documentation>The path of its node.</a:documentation>
        <b:degree>used</b:degree>
        <ref name="path"/>
      </attribute>
      <interleave>
        <ref name="deviceAlias"/>
        <ref name="deviceAddress"/>
      </interleave>
    </element>
  </define>
</grammar>
`;

const element = `/** \`<frob>\`. */
import type { Located, Span } from '../../diagnostics/source.ts';
import type { ElementReader } from '../xml/reader.ts';
import { readAddress, type Address } from './address.ts';

/** A frob. */
export interface Frob {
  readonly at: Span;
  readonly path: Located<string>;
  readonly address: Address | null;
}

/** Reads a frob. */
export function readFrob(element: ElementReader): Frob | null {
  const { at, reporter } = element;
  const path = element.attribute('path');
  const address = readAddress(element);
  if (path === null) reporter.report('BV0310', at, { element: 'frob', part: 'path attribute' });
  return path === null ? null : { at, path, address };
}
`;

const emulation = `/** frob: a frob of the host; bhyve(8), "frob". */
import type { Located } from '../../diagnostics/source.ts';
import { named } from '../settings.ts';
import { addressOf, pciSetting, placeNeeds, type DeviceNode, type Emulation, type Place } from './define.ts';

export interface FrobDevice extends DeviceNode<'frob'> {
  readonly place: Place;
  readonly path: Located<string>;
}

export const frob: Emulation<FrobDevice> = {
  kind: 'frob',
  summary: 'frob of the host',
  manual: 'bhyve(8), "frob"',
  needs: ({ place }) => placeNeeds(place),
  uses: () => [],
  requires: () => ['frob'],
  hostSteps: ({ path, origins }) => [
    { kind: 'file', path: path.value, purpose: 'disk', access: 'write', origins, at: path.at },
  ],
  settings: (device, grants) => [
    pciSetting(device, addressOf(device.place, grants), 'frob', [named('path', device.path)], 'a frob is a frob'),
  ],
};
`;

const lowering = `/** \`<frob>\` to frob. */
import type { Origins } from '../../diagnostics/source.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { placeOf } from './place.ts';
import { checkPath } from './words.ts';

/** Frobs to frob. */
export function lowerFrobs(domain: CompleteDomain, context: Context): readonly Device[] {
  return domain.domain.devices.frobs.map((frob, ordinal): Device => {
    const { path, address, at } = frob;
    const origins: Origins = [at];
    checkPath(path, 'the path of a frob', context);
    context.uses.take(path);
    const owner = \`frob \${String(ordinal)}\`;
    const wish = { owner, remembered: domain.recall.of(frob), address, origins, libvirtPrintsFunction: true };
    return { kind: 'frob', place: placeOf(wish, context), path, origins };
  });
}
`;

const golden = `<!--
title:  a frob of the host
why:    the recipe of CONTRIBUTING for a new device
must:   argv has -s 2:0,frob,path=/dev/frob0
-->
<domain type='bhyve'>
  <name>frobs</name>
  <memory unit='MiB'>512</memory>
  <os firmware='efi'>
    <type>hvm</type>
  </os>
  <devices>
    <frob path='/dev/frob0'/>
  </devices>
</domain>
`;

export const device: Recipe = {
  title: 'A new device',
  edits: [
    { file: 'src/frontend/schema/frob.rng', text: grammar },
    ...behind('src/frontend/schema/domain.rng', ['<include href="rng.rng"/>', '  <include href="frob.rng"/>']),
    ...behind('src/frontend/schema/devices.rng', [
      '<ref name="rng"/>',
      '        </zeroOrMore>\n        <zeroOrMore>\n          <ref name="frob"/>',
    ]),
    { file: 'src/frontend/elements/frob.ts', text: element },
    ...behind(
      'src/frontend/elements/devices.ts',
      ["import { readDisk } from './disk.ts';", "import { readFrob } from './frob.ts';"],
      ["rngs: named('rng', readRng),", "    frobs: named('frob', readFrob),"],
    ),
    ...behind(
      'src/frontend/domain.ts',
      ["import type { Rng } from './elements/rng.ts';", "import type { Frob } from './elements/frob.ts';"],
      ['readonly rngs: readonly Aliased<Rng>[];', '  readonly frobs: readonly Aliased<Frob>[];'],
    ),
    { file: 'src/ir/emulations/frob.ts', text: emulation },
    ...behind(
      'src/ir/emulations/index.ts',
      ["import { fbuf } from './fbuf.ts';", "import { frob } from './frob.ts';"],
      ['  virtioRnd,', '  frob,'],
    ),
    ...behind('src/passes/complete/recall.ts', [
      "...each(devices.rngs, () => 'rng'),",
      '    ...each(devices.frobs, ({ path }) => `frob ${path.value}`),',
    ]),
    { file: 'src/passes/lower/frob.ts', text: lowering },
    ...behind(
      'src/passes/lower/index.ts',
      ["import { lowerFilesystems } from './filesystem.ts';", "import { lowerFrobs } from './frob.ts';"],
      ['rngs: lowerRngs,', '  frobs: lowerFrobs,'],
    ),
    ...behind('src/host/capabilities.ts', ["'passthru',", "  'frob',"]),
    ...behind('src/host/releases.ts', [
      "'virtio-rnd': both('11.0', 'random numbers: virtio-rnd'),",
      "  frob: both('13.0', 'device frob'),",
    ]),
    ...behind('src/host/probing/questions.ts', ["['virtio-rnd', 'virtio-rnd', ''],", "  ['frob', 'frob', ''],"]),
    ...behind('test/host/lib/releases.mjs', ["'virtio-rnd': { since: 0, words: [] },", '  frob: { since: 1300 },']),
    { file: 'test/golden/devices/frob/domain.xml', text: golden },
  ],
  made: [
    ...['docs/domain-xml.md', 'docs/targets.md', 'schemas/host-profile.schema.json'],
    'test/golden/devices/frob/expected/argv',
  ],
  red: [
    { without: ['src/host/releases.ts'], by: 'types', says: typeError('src/host/releases.ts', 'frob') },
    { without: ['src/ir/emulations/index.ts'], by: 'types', says: typeError('src/passes/lower/frob.ts', '"frob"') },
    {
      without: ['src/passes/lower/index.ts'],
      by: 'test/golden/golden.test.ts',
      only: 'devices/frob',
      says: /devices\/frob/,
    },
    {
      without: ['test/host/lib/releases.mjs'],
      by: 'test/build/config.test.ts',
      only: 'configuration on freebsd-main$',
      says: /frob/,
    },
  ],
  green: ['test/golden', 'test/house/devices.test.ts', 'test/schemas', 'src/host', 'test/build/config.test.ts'],
};
