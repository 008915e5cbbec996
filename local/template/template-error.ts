/** A template that the local cloud cannot run. The message names stack and place, and is fit to be shown as it is. */
export class TemplateError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'TemplateError';
  }
}
