import { Anchor, Code } from '@mantine/core';
import { helpParts } from './fields.ts';

/** A help text of the catalog, its links and code as such. */
export function HelpText({ text }: { text: string }) {
  return helpParts(text).map((part, index) => {
    if (part.kind !== 'link') {
      return part.kind === 'code' ? <Code key={index}>{part.text}</Code> : <span key={index}>{part.text}</span>;
    }
    return (
      <Anchor key={index} href={part.url} target="_blank" rel="noreferrer" inherit underline="always">
        {part.text}
      </Anchor>
    );
  });
}
