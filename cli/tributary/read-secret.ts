import type { ReadStream, WriteStream } from 'node:tty';

/** A token, or what a file holds that is piped in by mistake. */
const CHARS_MAX = 16_384;

type In = NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>;
type Out = Pick<WriteStream, 'write'>;

/** One line that is typed without being shown, or what is piped in. */
export async function readSecret(question: string, input: In, output: Out): Promise<string> {
  if (input.isTTY !== true) {
    let text = '';
    for await (const chunk of input) {
      text += String(chunk);
      if (text.length > CHARS_MAX) break;
    }
    return text.trim();
  }
  output.write(question);
  input.setRawMode?.(true);
  try {
    return await typedLine(input);
  } finally {
    input.setRawMode?.(false);
    input.pause();
    output.write('\n');
  }
}

const ENTER = new Set(['\r', '\n']);
const BACKSPACE = new Set(['\b', '\u007f']);
/** Ctrl-C and Ctrl-D. */
const BREAK = new Set(['\u0003', '\u0004']);

async function typedLine(input: In): Promise<string> {
  let text = '';
  for await (const chunk of input) {
    for (const char of String(chunk)) {
      if (BREAK.has(char)) return '';
      if (ENTER.has(char)) return text;
      if (BACKSPACE.has(char)) text = text.slice(0, -1);
      else if (text.length < CHARS_MAX) text += char;
    }
  }
  return text;
}
