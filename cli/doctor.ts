import { diagnoseStack } from './deployed/diagnose-stack.ts';
import { helpText, readFlags } from './flags.ts';
import { runCommand } from './run-command.ts';

const FLAGS = {
  stack: { value: 'NAME', help: 'the deployment, such as Tributary-prod' },
  help: { help: 'print this' },
} as const;

const USAGE = 'npm run doctor -- --stack NAME';
const ABOUT =
  'Says how a deployment is: what waits in its queues, who holds which lane and how far the pool may shrink, open breakers, dead letters, alarms that are on. Changes nothing. "npm run tributary -- doctor" looks at a workspace by the API, and with --stack at this as well.';

async function main(argv: string[]): Promise<number> {
  const { flags } = readFlags(FLAGS, argv);
  if (flags.help) {
    console.log(helpText(USAGE, ABOUT, FLAGS));
    return 0;
  }
  for (const line of await diagnoseStack(flags.stack)) console.log(line);
  return 0;
}

await runCommand(main);
