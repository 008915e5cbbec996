/** Something that the person at the terminal can put right. Its text is the one sentence they see. */
export class CliError extends Error {
  constructor(sentence: string, options: { cause?: unknown } = {}) {
    super(sentence, options);
    this.name = 'CliError';
  }
}
