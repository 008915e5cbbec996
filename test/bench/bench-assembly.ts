import { theWholeApp } from '../builders/whole-cloud.ts';

let assembly: Promise<string> | undefined;

/** What `cdk synth` makes of the app, once for all parts of a run. */
export const synthesiseBench = (): Promise<string> => {
  assembly ??= theWholeApp();
  return assembly;
};
