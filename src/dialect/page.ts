/** docs/dialects.md as text: the table of differences for people. A test keeps the page equal to the table. */
import type { Difference } from './difference.ts';
import { topics } from './differences.ts';

/** The page. */
export function dialectsPage(): string {
  const sections = Object.entries(topics).map(([title, rows]) => {
    const ofTopic: Readonly<Record<string, Difference>> = rows;
    const cells = Object.entries(ofTopic).map(([name, { libvirt, bhyvec, reason, effect }]) => [
      `\`${name}\``,
      libvirt,
      bhyvec,
      reason,
      effect,
    ]);
    return `## ${title}\n\n${table(['row', 'libvirt', 'bhyvec', 'why', 'what the guest sees of it'], cells)}\n`;
  });
  return [opening, ...sections].join('\n');
}

const opening = `# Dialects

bhyvec has two dialects: two ways to turn the same domain XML into commands.

- Its own, which is the default. It makes use of all that bhyve can do, refuses what would not work, and gives the same
  commands every time.
- That of libvirt, with the option \`--compat libvirt\`. It gives the words that libvirt 12 would give to bhyve, down to
  the last character, for those who move guests from libvirt or compare the two.

This page lists all differences between them. The first column is the name of the row. Messages use it: the warning
BV0590, for instance, says that libvirt drops a part of the XML, and names the row where the other dialect is described.

Two things beside the rows depend on the dialect. Directories and ports that a host profile leaves open are those of
libvirt's driver with \`--compat libvirt\`; see [host profiles](host-profile.md). And a placeholder that a template left in
the XML (BV0311) is a warning there and an error here.
`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text) => text.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  return [head, head.map(() => '---'), ...rows].map(line).join('\n');
}
