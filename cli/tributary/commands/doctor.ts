import { command, EXIT } from '../command.ts';
import { examine } from '../doctor/examine.ts';
import { type Finding, findingsOf } from '../doctor/findings.ts';

const MARKS: Record<Finding['level'], string> = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' };

export const doctor = command({
  usage: 'doctor',
  about:
    'Looks a workspace over by the API: is the deployment there and the token live, are sources and destinations well, are lanes free, do tokens run out. With --stack it also asks the AWS account what waits in which queue. Changes nothing. Exit code 1 where something fails.',
  examples: ['tributary doctor', 'tributary doctor --stack Tributary-prod', 'tributary doctor --json | jq .findings'],
  flags: { stack: { value: 'NAME', help: 'look at the AWS account as well; takes its credentials' } },
  run: async ({ flags, io, signIn }) => {
    const { client, profile } = await signIn();
    const examined = await examine(client, profile, io);
    const findings = findingsOf(examined, io.now());
    const lines = flags.stack === undefined ? [] : await linesOfStack(flags.stack);
    if (flags.json)
      io.out(JSON.stringify({ workspace: examined.workspace, rights: examined.rights, findings, stack: lines }));
    else {
      for (const { level, what, advice } of findings) {
        io.out(`${MARKS[level]}  ${what}${advice === undefined ? '' : `. ${advice}`}`);
      }
      for (const line of lines) io.out(line);
    }
    return findings.some(({ level }) => level === 'fail') ? EXIT.refused : EXIT.ok;
  },
});

/** Only who asks for it waits for the AWS SDK. */
async function linesOfStack(stack: string): Promise<string[]> {
  const { diagnoseStack } = await import('../../deployed/diagnose-stack.ts');
  return await diagnoseStack(stack);
}
