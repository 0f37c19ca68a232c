/** The build that a command means which names none: that of the project, of one host. */
import { hostNamed } from '../../documents/jobs.ts';
import { inProject, openProject } from '../../documents/project.ts';
import { projectName } from '../../project/fields.ts';
import { UsageError } from '../../system/terminal.ts';

/** The folder of the build of a host, or of the only one. Throws a {@link UsageError}. */
export async function builtFolder(host: string | undefined): Promise<string> {
  const opened = await openProject({});
  if (opened.kind === 'none')
    throw new UsageError(`which build? Name its folder: there is no ${projectName} here or above`);
  if (opened.kind !== 'project') throw new UsageError(`the ${projectName} here or above cannot be used: bhyvec check`);
  const { project } = opened;
  return inProject(project, hostNamed(project, host).output);
}
