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
  return [opening, ...sections, bootOrder].join('\n');
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

const bootOrder = `## Boot order

Who boots the guest reads the order, and all of them boot from disks. In bhyvec's own dialect an order that cannot be followed is an
error, whatever the loader and the release; a warning of kinds that bhyve cannot tell the firmware:

| who boots | what it goes by | an interface or a host device in the order |
| --- | --- | --- |
| UEFI firmware, bhyve with \`bootindex=\` | \`<boot order>\` of the disks, else the kinds of \`<boot dev>\` | behind all disks BV1840 tells of it; before one, or alone, BV1841 is an error |
| UEFI firmware, bhyve without \`bootindex=\` | nothing: BV1890 tells it where the guest has several disks, an error of \`<boot order>\` and a warning of \`<boot dev>\`; an only disk needs no order | the same |
| bhyveload | the disk that comes first in \`<boot order>\`, else the one kind of \`<boot dev>\` (BV0811, BV0812, BV0813) | the same |
| grub-bhyve | the disk that comes first in \`<boot order>\`, else the first kind of \`<boot dev>\` | the same |
| a loader with \`<bootloader_args>\` | its arguments: BV1304 tells that an order comes to nothing | BV1304 |

With \`--compat libvirt\` the words are those of libvirt, and a finding tells what they leave out.
`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text) => text.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  return [head, head.map(() => '---'), ...rows].map(line).join('\n');
}
