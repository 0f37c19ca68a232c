/** Texts that are not JSON, and what holds for any text. */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findings, mended, minimal, read } from './read.testing.ts';

describe('not JSON', () => {
  test.each([
    ['', 'BV1001 1:1 || the host profile is not JSON: the file is empty'],
    ['\n \n', 'BV1001 3:1 || the host profile is not JSON: the file is empty'],
    ['{"a": 1,}', 'BV1001 1:8 |,| the host profile is not JSON: a comma before the closing }'],
    ['[1, 2, ]', 'BV1001 1:6 |,| the host profile is not JSON: a comma before the closing ]'],
    ['{"a": True}', 'BV1001 1:7 |True| the host profile is not JSON: True is no word of JSON'],
    ["{'a': 1}", "BV1001 1:2 |'a'| the host profile is not JSON: a single quote"],
    ['{"a": 1\n "b": 2}', 'BV1001 2:2 |"b"| the host profile is not JSON: a comma is missing'],
    ['{"a" 1}', 'BV1001 1:6 |1| the host profile is not JSON: "1" in place of a colon'],
    ['{"a": "x\n}', 'BV1001 1:7 |"x| the host profile is not JSON: a string does not end on its line'],
    [
      String.raw`{"a": "C:\\x\dir"}`,
      String.raw`BV1001 1:13 |\d| the host profile is not JSON: an unknown escape in a string`,
    ],
    [
      String.raw`{"a": "\u00e"}`,
      String.raw`BV1001 1:8 |\u| the host profile is not JSON: \u without four hexadecimal digits`,
    ],
    ['{"a": "\t"}', 'BV1001 1:8 |\t| the host profile is not JSON: a control character in a string'],
    ['{"a": 1.}', 'BV1001 1:7 |1.| the host profile is not JSON: a number is cut off'],
    ['{"a": 1', 'BV1001 1:8 || the host profile is not JSON: the text ends before a closing }'],
    ['{} {}', 'BV1001 1:4 |{| the host profile is not JSON: more text after the end of the value'],
    ['<domain>', 'BV1001 1:1 |<domain>| the host profile is not JSON: unexpected "<domain>"'],
  ])('%j', (text, expected) => {
    expect(findings(text)).toEqual([expected]);
  });

  test('comments are found one by one, and what stands beside them too', () => {
    expect(
      findings(`{ // one\n"version": 1, /* two */ "release": "14.33"}`).map((line) => line.split('|', 2).join('')),
    ).toEqual(['BV1002 1:3 // one', 'BV1002 2:15 /* two */', 'BV1009 2:36 "14.33"']);
    expect(mended(`${minimal} /* x */}`)).toBe(`${minimal} }`);
  });

  test('a text that is too long or too deep is not parsed', () => {
    const long = `${minimal}, "name": "${'x'.repeat(262_144)}"}`;
    expect(findings(long)).toEqual([
      'BV1003 1:1 || the host profile has 262189 characters; at most 262144 are accepted',
    ]);
    expect(findings('['.repeat(200_000))).toEqual([
      'BV1003 1:33 |[| the host profile has values too deep in one another; at most 32 levels are accepted',
    ]);
    expect(findings('[},'.repeat(80_000))[0]).toMatch(/^BV1003 /);
    expect(findings('{"a":[}'.repeat(30_000))[0]).toMatch(/^BV1003 /);
  });
});

describe('any text', () => {
  /** What holds for every text: a profile or an error, short messages, places inside the text. */
  function holds(text: string): void {
    const { profile, diagnostics } = read(text);
    expect(profile === null).toBe(diagnostics.some(({ severity }) => severity === 'error'));
    for (const { message, span, edit } of diagnostics) {
      expect(message.length).toBeLessThanOrEqual(100);
      expect(message).not.toMatch(/[.]$|\n/);
      for (const { start, end } of edit === null ? [span] : [span, edit.span]) {
        expect(start >= 0 && start <= end && end <= text.length).toBe(true);
      }
    }
  }

  const profileText = readFileSync('examples/hosts/zfs-host.json', 'utf8');

  test('a comment that the end of the text cuts off', () => {
    for (const text of ['/*', '/', '//', '{/*', '\uFEFF/*']) holds(text);
  });

  test('never throws', () => {
    const units = fc.array(fc.nat(0xffff)).map((codes) => String.fromCharCode(...codes));
    fc.assert(fc.property(units, holds));
    fc.assert(fc.property(fc.json(), holds));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...'{}[],:"\\/*1e.- \n'.split(''), 'true', '"a"')).map((parts) => parts.join('')),
        holds,
      ),
    );
  });

  test('nor does a profile with a hole or a foreign piece', () => {
    const place = fc.nat(profileText.length);
    fc.assert(
      fc.property(place, fc.nat(20), fc.string(), (at, length, piece) => {
        holds(profileText.slice(0, at) + piece + profileText.slice(at + length));
      }),
    );
  });

  test('is JSON for bhyvec when it is JSON for JavaScript', () => {
    const agrees = (text: string): void => {
      const isJson = ((): boolean => {
        try {
          JSON.parse(text);
          return true;
        } catch {
          return false;
        }
      })();
      const codes = read(text).diagnostics.map((diagnostic) => diagnostic.code);
      expect(!codes.some((code) => code === 'BV1001' || code === 'BV1002')).toBe(isJson);
    };
    const pieces = fc.constantFrom(
      ...'{}[],:"\\/*01e.-+ \n\t\v\u00a0'.split(''),
      'true',
      'null',
      '"a"',
      '"b":',
      '\\u00e9',
      '12',
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
        agrees,
      ),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.nat(profileText.length), fc.nat(3), pieces, (at, length, piece) => {
        agrees(profileText.slice(0, at) + piece + profileText.slice(at + length));
      }),
      { numRuns: 500 },
    );
  });
});
