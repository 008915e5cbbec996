import { parseArgs } from 'node:util';
import { CliError } from './cli-error.ts';
import { nearest } from './nearest.ts';

/** A flag that differs by more steps than this is not a typing error. */
const TYPO_STEPS_MAX = 2;

/** One flag of a command: a switch has no `value`; `value` is how its value is called in the help. */
export type Flag = { value?: string; help: string };
export type Flags<T extends Record<string, Flag>> = {
  [Name in keyof T]: T[Name] extends { value: string } ? string | undefined : boolean;
};

/**
 * Reads a command's flags. Throws CliError with one sentence for a flag that does not exist, a value that is missing, or more plain
 * arguments than `plainMax`.
 */
export function readFlags<const T extends Record<string, Flag>>(
  flags: T,
  argv: readonly string[],
  plainMax = 0,
): { flags: Flags<T>; plain: string[] } {
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      Object.entries(flags).map(([name, flag]) => [name, { type: flag.value === undefined ? 'boolean' : 'string' }]),
    ),
  });
  const found: Record<string, string | boolean | undefined> = {};
  for (const [name, flag] of Object.entries(flags)) found[name] = flag.value === undefined ? false : undefined;
  const plain: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') plain.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (flag === undefined) throw unknownFlag(token.rawName, Object.keys(flags));
    if (flag.value === undefined) {
      if (token.value !== undefined) throw new CliError(`--${token.name} takes no value.`);
      found[token.name] = true;
    } else {
      if (token.value === undefined || token.value === '' || (!token.inlineValue && token.value.startsWith('--'))) {
        throw new CliError(`--${token.name} needs a value: --${token.name} ${flag.value}.`);
      }
      found[token.name] = token.value;
    }
  }
  if (plain.length > plainMax) {
    throw new CliError(`"${plain[plainMax]}" is one argument too many; --help shows how the command is used.`);
  }
  return { flags: found as Flags<T>, plain };
}

function unknownFlag(rawName: string, names: readonly string[]): CliError {
  const near = nearest(rawName.replace(/^-+/, ''), names);
  if (near !== undefined && near.distance <= TYPO_STEPS_MAX) {
    return new CliError(`There is no flag ${rawName}; did you mean --${near.candidate}?`);
  }
  return new CliError(`There is no flag ${rawName}; --help lists those there are.`);
}

/** A whole number within bounds, or CliError. */
export function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new CliError(`--${name} is a whole number from ${min} to ${max}, not "${text}".`);
}

/** The text of --help. */
export function helpText(usage: string, about: string, flags: Record<string, Flag>): string {
  const rows = Object.entries(flags).map(
    ([name, flag]) => [`--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`, flag.help] as const,
  );
  const width = Math.max(...rows.map(([left]) => left.length));
  return [usage, '', about, '', ...rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`)].join('\n');
}
