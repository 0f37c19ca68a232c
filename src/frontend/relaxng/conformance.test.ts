/** Our grammar and documents that exist: our samples, and those of the conformance corpus where it is at hand. */
import { expect, test } from 'vitest';
import { corpusOf, ownSamples, soundTree, treeOf, type Specimen } from '../../../test/relaxng/corpus.ts';
import { createReporter } from '../../diagnostics/reporter.ts';
import { validateDomain } from './validate.ts';

/** The findings about each document that has any, as lines. */
function findingsIn(documents: readonly Specimen[]): readonly string[] {
  return documents.flatMap(({ name, text }) => {
    const reporter = createReporter({ strict: false });
    validateDomain(soundTree(text, name), reporter, 'error');
    return reporter.diagnostics.map(({ code, message }) => `${name}: ${code} ${message}`);
  });
}

test('our samples are valid', () => {
  const samples = ownSamples();
  expect(samples.length).toBeGreaterThanOrEqual(4);
  expect(findingsIn(samples)).toEqual([]);
});

test('so is all that libvirt compiles for bhyve', () => {
  expect(findingsIn(corpusOf('libvirt/xml2argv'))).toEqual([]);
});

test('what libvirt makes from command lines lacks a name at most', () => {
  const findings = findingsIn(corpusOf('libvirt/argv2xml'));
  expect(findings.filter((line) => !line.endsWith('BV0206 <domain> lacks <name>'))).toEqual([]);
});

test('complete documents from the wild are valid, fragments lack a name, templates have placeholders', () => {
  const findings = findingsIn(corpusOf('wild'));
  const expected = /lacks <name>$|^novel-tests-.*BV0210 <uuid> cannot be '%%UUID%%'$/;
  expect(findings.filter((line) => !expected.test(line))).toEqual([]);
});

test('a document with thousands of devices, and one with thousands of mistakes', () => {
  const disk = "<disk type='file' device='disk'><source file='/a'/><target dev='vda' bus='virtio'/></disk>";
  const wrap = (devices: string): string => `<domain type='bhyve'><name>a</name><devices>${devices}</devices></domain>`;
  expect(findingsIn([{ name: 'large', text: wrap(disk.repeat(5000)) }])).toEqual([]);
  expect(findingsIn([{ name: 'wrong', text: wrap("<dsk a='b'>x</dsk>".repeat(5000)) }])).toHaveLength(100);
  const attributes = Array.from({ length: 5000 }, (_, i) => `a${String(i)}=''`).join(' ');
  const crowded = `<disk type='block' ${attributes}><source file='/a' ${attributes}/><target dev='vda'/></disk>`;
  expect(findingsIn([{ name: 'crowded', text: wrap(crowded) }])).toHaveLength(100);
});

test('nothing is expected of a document that is not XML', () => {
  expect(treeOf('<domain')).toBeNull();
});
