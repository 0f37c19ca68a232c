/** The words of the ssh(1) that starts `bhyvec proxy` on a far host, and what its exit status says. */
import { singleQuoted } from '../../text/sh.ts';
import type { SshTarget } from './uri.ts';

/** One word for a login shell that may be sh, csh or fish: bare where no shell could see anything in it. */
function farWord(word: string): string {
  return /^[A-Za-z0-9/][A-Za-z0-9/._-]*$|^--[a-z]+$/.test(word) ? word : singleQuoted(word);
}

/** A path in a line of ssh_config(5), where % begins a token. */
function configPath(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`;
}

/** The arguments of ssh(1). The command of the far side is one word, since ssh joins its words by spaces anyway. */
export function sshWords(target: SshTarget): readonly string[] {
  const options = ['-T', '-e', 'none'];
  if (target.noTty) options.push('-o', 'BatchMode=yes');
  if (target.port !== null) options.push('-p', String(target.port));
  if (target.user !== null) options.push('-l', target.user);
  if (target.keyfile !== null) options.push('-i', target.keyfile.replaceAll('%', '%%'));
  if (target.knownHosts !== null) options.push('-o', `UserKnownHostsFile=${configPath(target.knownHosts)}`);
  if (target.verify === 'auto') options.push('-o', 'StrictHostKeyChecking=accept-new');
  if (target.verify === 'ignore') options.push('-o', 'StrictHostKeyChecking=no');
  const far = [target.command, 'proxy', ...(target.socket === null ? [] : ['--socket', target.socket])];
  return [...options, '--', target.host, far.map(farWord).join(' ')];
}

/** Why the far side did not answer, as a sentence. */
export function sshProblem(target: SshTarget, status: number | null): string {
  const host = target.host;
  if (status === 255) return `ssh could not reach ${host}, or was not let in (its own words are above)`;
  if (status === 127 || status === 126) {
    return `${host} has no command ${target.command}; install bhyvec there, or name it in the URI by command=PATH`;
  }
  const how = status === null ? 'a signal' : `exit status ${String(status)}`;
  return `the far bhyvec on ${host} ended before it was done (${how}; its own words are above)`;
}
