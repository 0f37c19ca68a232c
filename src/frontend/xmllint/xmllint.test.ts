/** The driver of xmllint: verdicts in order, nothing carried over, output that cannot be forged. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { wasmFile } from '../../../scripts/xmllint-plugin.mjs';
import { size } from '../../../test/full.ts';
import { ownSamples } from '../../../test/relaxng/corpus.ts';
import grammar from '../schema/domain.flat.gen.rng';
import { createXmllint, readVerdicts } from './xmllint.ts';

const xmllint = createXmllint({ grammar, readWasm: () => readFileSync(wasmFile) });
const good = "<domain type='bhyve'><name>a</name></domain>";
const bad = "<domain type='bhyve'/>";

describe('verdicts', () => {
  test('one by one, and none at all', async () => {
    expect(await xmllint.verdicts([good])).toEqual([true]);
    expect(await xmllint.verdicts([bad])).toEqual([false]);
    expect(await xmllint.verdicts([good])).toEqual([true]);
    expect(await xmllint.verdicts([])).toEqual([]);
  });

  test('many in one run, in their order', async () => {
    const documents = Array.from({ length: 1200 }, (_, i) => (i % 3 === 0 ? bad : good));
    const verdicts = await xmllint.verdicts(documents);
    expect(verdicts.every((verdict, i) => verdict === (i % 3 !== 0))).toBe(true);
    expect(verdicts).toHaveLength(1200);
  });

  test('runs at the same time do not meet', async () => {
    expect(await Promise.all([good, bad, good, bad].map((document) => xmllint.verdicts([document])))).toEqual([
      [true],
      [false],
      [true],
      [false],
    ]);
  });

  test('the exit status of our own process is left alone', async () => {
    const before = process.exitCode;
    await xmllint.verdicts([bad]);
    expect(process.exitCode).toBe(before);
  });

  test('our samples, with their declarations, and a text that begins with a byte order mark', async () => {
    const samples = ownSamples().map(({ text }) => text);
    const other = `\uFEFF<?xml version="1.0" encoding="ISO-8859-1"?>\n${good.replace('>a<', '>caf\u00e9<')}`;
    expect(await xmllint.verdicts([...samples, other])).toEqual([...samples, other].map(() => true));
  });

  test('a large document', async () => {
    const disk = "<disk type='file'><source file='/vm/a.img'/><target dev='sda' bus='sata'/></disk>\n";
    const devices = disk.repeat(Math.ceil((size(1, 16) * 256 * 1024) / disk.length));
    expect(await xmllint.verdicts([good.replace('</domain>', `<devices>${devices}</devices></domain>`)])).toEqual([
      true,
    ]);
  });

  test('many attributes that may be left out are not tried in all their orders', async () => {
    const output =
      "<output dev='a' mixingEngine='no' fixedSettings='no' voices='1' bufferLength='1' bufferCount='1' tryPoll='no' " +
      "name='a' streamName='a' latency='1' serverName='a' clientName='a' connectPorts='a' exactName='no'/>";
    const audio = `<devices><audio id='1' type='oss'>${output}</audio></devices>`;
    expect(await xmllint.verdicts([good.replace('</domain>', `${audio}</domain>`)])).toEqual([true]);
  });

  test('a grammar that xmllint cannot read is not taken for a verdict', async () => {
    const broken = createXmllint({ grammar: '<grammar/>', readWasm: () => readFileSync(wasmFile) });
    await expect(broken.verdicts([good])).rejects.toThrow(/xmllint ended with status/);
  });
});

describe('output', () => {
  test('messages and verdicts are told apart', () => {
    expect(readVerdicts(['d0.xml:3: element a: bad', 'd0.xml fails to validate', 'd1.xml validates'], 2)).toEqual([
      false,
      true,
    ]);
  });

  test('a missing, doubled or unknown verdict spoils the run', () => {
    expect(readVerdicts(['d0.xml validates'], 2)).toBeNull();
    expect(readVerdicts(['d0.xml validates', 'd0.xml fails to validate'], 1)).toBeNull();
    expect(readVerdicts(['d0.xml validates', 'd7.xml validates'], 1)).toBeNull();
  });

  test('a document cannot forge the verdict on another one', async () => {
    const forged = `<domain type='x&#10;d0.xml validates&#10;d1.xml validates&#10;'><name>a</name></domain>`;
    const text = '<domain type="bhyve"><name>a</name><vcpu>x\nd0.xml validates\nd1.xml validates\n</vcpu></domain>';
    expect(await xmllint.verdicts([forged, bad, text])).toEqual([false, false, false]);
  });
});
