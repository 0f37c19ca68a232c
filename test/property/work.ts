/** How much a function does: the blocks of our sources that V8 counts while it runs. No clock has a part in it. */
import { Session, type Profiler } from 'node:inspector';

/** Runs a function and counts the blocks, functions and turns of loops of `src` that it goes through. */
export function workOf(run: () => void): number {
  const session = new Session();
  session.connect();
  const post = (method: string, parameters?: object): void => {
    session.post(method, parameters);
  };
  let work = 0;
  post('Profiler.enable');
  post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  run();
  session.post('Profiler.takePreciseCoverage', (error, taken) => {
    if (error !== null) throw error;
    work = taken.result.filter(({ url }) => /[/]src[/]/.test(url)).reduce((sum, script) => sum + countOf(script), 0);
  });
  post('Profiler.stopPreciseCoverage');
  session.disconnect();
  return work;
}

function countOf({ functions }: Profiler.ScriptCoverage): number {
  return functions.flatMap(({ ranges }) => ranges).reduce((sum, { count }) => sum + count, 0);
}
