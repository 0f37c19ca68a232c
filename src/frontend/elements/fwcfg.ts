/** `<sysinfo type='fwcfg'>`: items that firmware and guest read (formatdomain, "SMBIOS System Information"). */
import type { Located, Span } from '../../diagnostics/source.ts';
import type { ElementReader } from '../xml/reader.ts';

/** One item: a name with a text, or with a file that holds its bytes. */
export interface FwcfgItem {
  readonly at: Span;
  readonly name: Located<string>;
  readonly source: 'string' | 'file';
  /** The text, or the path of the file. */
  readonly value: Located<string>;
}

/** Reads the items; one that has no name, no value or two is reported and left out, as libvirt refuses it. */
export function readFwcfgItems(sysinfo: ElementReader): readonly FwcfgItem[] {
  return sysinfo.children('entry').flatMap((entry) => {
    const { at, reporter } = entry;
    const [name, file, text] = [entry.attribute('name'), entry.attribute('file'), entry.filledText()];
    const string = file !== null && text?.value.trim() === '' ? null : text;
    const value = file ?? string;
    if (name === null || name.value === '') reporter.report('BV0310', at, { element: 'entry', part: 'name attribute' });
    else if (value === null) reporter.report('BV0310', at, { element: 'entry', part: 'text or file attribute' });
    else if (file !== null && string !== null)
      reporter.report('BV0314', file.at, {
        problem: 'the entry has a text and a file',
        remedy: 'keep one of them: the text is what the item holds, the file has it',
      });
    else return [{ at, name, source: file === null ? ('string' as const) : ('file' as const), value }];
    return [];
  });
}
